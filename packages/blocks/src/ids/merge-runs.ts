import type { IdRun } from './id-run';
import { RunPart } from './run-part';
import type { EntryCursor } from './write-run';
import { writeRun } from './write-run';

/**
 * Merges runs into one, without the entries of blocks that no longer exist. It yields the parts in order, each when it is
 * requested, and returns the head. At most one part of each run is in memory.
 *
 * @param keepsBlock - Returns whether the block with a first sequence exists.
 * @throws {DamagedBlockError} when a part is damaged.
 */
export function mergeRuns(
  runs: readonly IdRun[],
  keepsBlock: (block: number) => boolean,
): Generator<Uint8Array, Uint8Array> {
  const all = new Set(runs.flatMap(({ head }) => [...head.blocks]).filter((block) => keepsBlock(block)));
  const blocks = Float64Array.from(all).sort();
  const indexes = new Map(Array.from(blocks, (block, index) => [block, index]));
  const cursors = runs.map((run) => new RunCursor(run, indexes));
  const maxEntries = runs.reduce((sum, { head }) => sum + head.entries, 0);
  return writeRun(new MergeCursor(cursors), maxEntries, blocks);
}

const DROPPED = -1;

/** The entries of one run whose blocks are kept. */
class RunCursor implements EntryCursor {
  hash = 0;
  block = 0;
  readonly #run: IdRun;
  /** For each block of the run its index in the merged run. */
  readonly #indexes: Int32Array;
  #part: RunPart | undefined;
  #nextPart = 0;
  #at = 0;

  constructor(run: IdRun, indexes: ReadonlyMap<number, number>) {
    this.#run = run;
    this.#indexes = Int32Array.from(run.head.blocks, (block) => indexes.get(block) ?? DROPPED);
  }

  next(): boolean {
    for (;;) {
      const part = this.#part;
      if (part === undefined || this.#at === part.count) {
        if (!this.#openNext()) return false;
        continue;
      }
      const at = this.#at++;
      this.block = this.#indexes[part.block(at)] as number;
      if (this.block === DROPPED) continue;
      this.hash = part.hash(at);
      return true;
    }
  }

  #openNext(): boolean {
    if (this.#nextPart === this.#run.head.parts) return false;
    this.#part = RunPart.decode(this.#run.readPart(this.#nextPart++));
    this.#at = 0;
    return true;
  }
}

/** The entries of several cursors in the order of their hashes. */
class MergeCursor implements EntryCursor {
  hash = 0;
  block = 0;
  readonly #cursors: readonly EntryCursor[];
  /** The cursors with a current entry; `undefined` before the first entry. */
  #left: EntryCursor[] | undefined;

  constructor(cursors: readonly EntryCursor[]) {
    this.#cursors = cursors;
  }

  next(): boolean {
    const left = (this.#left ??= this.#cursors.filter((cursor) => cursor.next()));
    let lowest = left[0];
    if (lowest === undefined) return false;
    for (const cursor of left) if (cursor.hash < lowest.hash) lowest = cursor;
    this.hash = lowest.hash;
    this.block = lowest.block;
    if (!lowest.next()) left.splice(left.indexOf(lowest), 1);
    return true;
  }
}
