import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseKind } from './migrate';

const PAGE_BYTES = 4096;

/**
 * Holds disk space in reserve, in a file next to a database.
 *
 * The space is released when the disk is full, because acknowledging and pruning need some before they free more.
 */
export class ReservedSpace {
  readonly #path: string;
  readonly #bytes: number;

  /** Reserves twice the size of the write-ahead log at a checkpoint, so that the log and its pages in the database fit. */
  constructor(database: string, kind: DatabaseKind) {
    this.#path = `${database}-ballast`;
    this.#bytes = 2 * kind.checkpointPages * PAGE_BYTES;
  }

  /** Creates the file unless it exists; returns `false` if there is not enough space. */
  reserve(): boolean {
    if (existsSync(this.#path)) return true;
    let file: number | undefined;
    try {
      file = openSync(this.#path, 'wx', 0o600);
      // A file system may store zeros without using space.
      const filler = Buffer.alloc(64 * 1024, 'ballast ');
      for (let bytes = 0; bytes < this.#bytes;) bytes += writeSync(file, filler);
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
   * Returns whether the space is reserved, or can be reserved, and as much is free besides.
   *
   * @param reusableBytes - Free space inside the database, such as that of deleted rows.
   */
  hasFreeSpaceBesides(reusableBytes = 0): boolean {
    const { bavail, bsize } = statfsSync(dirname(this.#path));
    const free = bavail * bsize + reusableBytes;
    if (existsSync(this.#path)) return free >= this.#bytes;
    return free >= 2 * this.#bytes && this.reserve();
  }

  /** Deletes the file. */
  release(): void {
    rmSync(this.#path, { force: true });
  }
}
