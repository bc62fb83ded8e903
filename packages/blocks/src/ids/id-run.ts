import type { RunHead } from './run-head';
import { partOf } from './run-head';
import { RunPart } from './run-part';

/** A stored run: hashes of ids and the blocks that contain them. */
export interface IdRun {
  readonly head: RunHead;
  /** Returns the bytes of a part. */
  readPart(part: number): Uint8Array;
}

/** A block that may contain an id, because it contains an id with the same hash. */
export interface IdCandidate {
  /** Index of the hash among those that were searched. */
  readonly index: number;
  /** First sequence of the block. */
  readonly block: number;
}

/**
 * Returns the blocks that may contain ids. Almost every one does, but hashes may collide, and blocks may have been deleted.
 *
 * @throws {DamagedBlockError} when a part is damaged.
 */
export function findBlocks(runs: readonly IdRun[], hashes: ArrayLike<number>): IdCandidate[] {
  const found: IdCandidate[] = [];
  for (const run of runs) findInRun(run, hashes, found);
  return found;
}

function findInRun(run: IdRun, hashes: ArrayLike<number>, found: IdCandidate[]): void {
  const { filter, blocks } = run.head;
  const parts = new Map<number, RunPart>();
  for (let index = 0; index < hashes.length; index++) {
    const hash = hashes[index] as number;
    if (!filter.has(hash)) continue;
    const number = partOf(run.head, hash);
    let part = parts.get(number);
    if (part === undefined) parts.set(number, (part = RunPart.decode(run.readPart(number))));
    for (let at = part.search(hash); at < part.count && part.hash(at) === hash; at++)
      found.push({ index, block: blocks[part.block(at)] as number });
  }
}
