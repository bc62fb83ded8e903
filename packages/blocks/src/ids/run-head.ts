import { ByteWriter } from '../bytes/byte-writer';
import { checkedReader, finishWithChecksum } from '../bytes/checksum';
import { HASH_RANGE } from './hash-id';
import { IdFilter } from './id-filter';

// Layout of the head of a run:
//   version, number of entries, number of parts
//   number of blocks, distance of each block from the previous one
//   number of bytes of the filter, the filter
// CRC-32.

/** Version of hashing and of the layout. */
const HEAD_VERSION = 1;

/** Maximum number of blocks that a run may claim to have. */
const MAX_BLOCKS = 2 ** 24;

/** The part of a run that is kept in memory. */
export interface RunHead {
  /** Number of ids. */
  readonly entries: number;
  /** Number of parts. Each covers an equal share of all hashes. */
  readonly parts: number;
  /** The first sequences of the blocks that contain the ids, in ascending order. */
  readonly blocks: Float64Array;
  /** Contains the hash of each id. */
  readonly filter: IdFilter;
}

/** Returns the index of the part that covers a hash. */
export function partOf({ parts }: RunHead, hash: number): number {
  return Math.floor((hash * parts) / HASH_RANGE);
}

/** Encodes the head of a run. */
export function encodeHead({ entries, parts, blocks, filter }: RunHead): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(HEAD_VERSION);
  writer.unsigned(entries);
  writer.unsigned(parts);
  writer.unsigned(blocks.length);
  blocks.forEach((block, index) => writer.unsigned(block - (blocks[index - 1] ?? 0)));
  writer.sized(filter.bytes);
  return finishWithChecksum(writer);
}

/** Decodes the head of a run. @throws {DamagedBlockError} when the bytes are damaged or of a later version. */
export function decodeHead(bytes: Uint8Array): RunHead {
  const reader = checkedReader(bytes, HEAD_VERSION);
  const entries = reader.unsigned();
  const parts = reader.unsigned();
  let block = 0;
  const blocks = Float64Array.from({ length: reader.count(MAX_BLOCKS) }, () => (block += reader.unsigned()));
  // The copy lives as long as the head; the bytes that were read may be larger.
  return { entries, parts, blocks, filter: new IdFilter(Uint8Array.from(reader.sized())) };
}
