import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';

const BYTES = 4 * 1024 * 1024;

/**
 * A file that only takes room.
 *
 * On a full disk it makes way, so that acknowledgements, which need a little room themselves, can make more.
 */
export class Ballast {
  readonly #path: string;

  constructor(journal: string) {
    this.#path = `${journal}-ballast`;
  }

  /** Takes the room, where there is so much. */
  lay(): void {
    if (existsSync(this.#path)) return;
    let file: number | undefined;
    try {
      file = openSync(this.#path, 'wx', 0o600);
      // Zeros could be kept as a hole.
      for (let bytes = 0; bytes < BYTES;) bytes += writeSync(file, Buffer.alloc(64 * 1024, 'ballast '));
      fsyncSync(file);
    } catch {
      this.release();
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /** Makes way. */
  release(): void {
    rmSync(this.#path, { force: true });
  }
}
