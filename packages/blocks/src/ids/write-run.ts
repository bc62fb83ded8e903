import { HASH_RANGE } from './hash-id';
import { IdFilter } from './id-filter';
import { encodeHead } from './run-head';
import { encodePart } from './run-part';

/** Wanted number of entries in a part. A lookup that the filter did not exclude reads one part. */
const PART_ENTRIES = 2048;

/** Entries in ascending order of their hashes. */
export interface EntryCursor {
  /** The current entry, once `next` has returned `true`. */
  readonly hash: number;
  /** Index in the blocks of the run that is written. */
  readonly block: number;
  /** Moves to the next entry. Returns `false` at the end. */
  next(): boolean;
}

/**
 * Encodes a run. It yields the parts in order, each when it is requested, and returns the head.
 *
 * @param maxEntries - Upper bound of the number of entries.
 * @param blocks - The blocks of the run in ascending order.
 */
export function* writeRun(
  source: EntryCursor,
  maxEntries: number,
  blocks: Float64Array,
): Generator<Uint8Array, Uint8Array> {
  const parts = 2 ** Math.max(0, Math.ceil(Math.log2(maxEntries / PART_ENTRIES)));
  const filter = IdFilter.ofSize(maxEntries);
  let entries = 0;
  let isLeft = source.next();
  for (let part = 1; part <= parts; part++) {
    const end = (part * HASH_RANGE) / parts;
    const hashes: number[] = [];
    const indexes: number[] = [];
    for (; isLeft && source.hash < end; isLeft = source.next()) {
      filter.add(source.hash);
      hashes.push(source.hash);
      indexes.push(source.block);
    }
    entries += hashes.length;
    yield encodePart(hashes, indexes);
  }
  return encodeHead({ entries, parts, blocks, filter });
}
