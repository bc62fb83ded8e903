import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseKind } from './open';

const PAGE_BYTES = 4096;

/**
 * A file that only takes room.
 *
 * On a full disk it makes way for what makes more room but needs a little itself: acknowledging and pruning.
 */
export class ReservedSpace {
  readonly #path: string;

  readonly #bytes: number;

  /** Twice what the log ahead of a database of this kind may reach: it and what waits in it find room. */
  constructor(database: string, kind: DatabaseKind) {
    this.#path = `${database}-ballast`;
    this.#bytes = 2 * kind.checkpointPages * PAGE_BYTES;
  }

  /** Takes the room; tells whether there is so much. */
  reserve(): boolean {
    if (existsSync(this.#path)) return true;
    let file: number | undefined;
    try {
      file = openSync(this.#path, 'wx', 0o600);
      // Zeros could be kept as a hole.
      for (let bytes = 0; bytes < this.#bytes;) bytes += writeSync(file, Buffer.alloc(64 * 1024, 'ballast '));
      fsyncSync(file);
      return true;
    } catch {
      this.release();
      return false;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /**
   * Returns whether the reserve exists, or can be created, and as much room is free besides.
   *
   * @param reusableBytes - Room inside the database, such as that of deleted rows.
   */
  hasFreeSpaceBesides(reusableBytes = 0): boolean {
    const { bavail, bsize } = statfsSync(dirname(this.#path));
    const free = bavail * bsize + reusableBytes;
    if (existsSync(this.#path)) return free >= this.#bytes;
    return free >= 2 * this.#bytes && this.reserve();
  }

  /** Makes way. */
  release(): void {
    rmSync(this.#path, { force: true });
  }
}
