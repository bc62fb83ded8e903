import { ByteWriter } from '../bytes/byte-writer';
import { contentReader, finishWithChecksum } from '../bytes/checksum';
import { DamagedBlockError } from '../bytes/damaged';
import type { SplitColumn } from '../template/split-column';
import { BitFilter, addFilters, shrink } from './bit-filter';
import { addData } from './data-tokens';
import { addMessages } from './message-tokens';
import { addTags } from './tag-tokens';
import { TokenSet } from './token-set';
import { TrigramSet } from './trigram-set';

// Layout of each of the three parts:
//   version
//   bytes of each filter as a power of two
//   the filters: one of the whole block, or one for each group of consecutive rows
//   CRC-32. Without it, a damaged filter would hide events.

/** Version of folding, tokens and hashes. Filters of another version cannot be tested. */
const SETS_VERSION = 2;

/** Bytes of the filters before they are shrunk. */
const MAX_TRIGRAM_BYTES = 4 * 1024;
const MAX_TOKEN_BYTES = 64 * 1024;
/** Maximum power of two; a larger one is damaged. */
const MAX_EXPONENT = 16;

/** Maximum share of bits that are set. A search for text tests several trigrams, one for another token four bits. */
const MAX_TRIGRAM_FILL = 0.4;
const MAX_TOKEN_FILL = 0.36;

/** Number of rows that share a set of trigrams. */
export const GROUP_ROWS = 256;

/** The parts with sets. */
export const SET_NAMES = ['trigrams', 'groupTrigrams', 'tokens'] as const;

/**
 * A part with sets: the trigrams of all messages, which are small and often decide that a block has no match; those of each
 * group of messages; and the tokens of all tags and data.
 */
export type SetName = (typeof SET_NAMES)[number];

/** Returns the number of sets in a part of a block with some rows. */
export function setCount(name: SetName, rows: number): number {
  return name === 'groupTrigrams' ? Math.ceil(rows / GROUP_ROWS) : 1;
}

/** Encodes the trigrams of messages: those of all, and those of each group. */
export function encodeTrigrams(messages: SplitColumn): {
  readonly trigrams: Uint8Array;
  readonly groupTrigrams: Uint8Array;
} {
  const groups = Array.from(
    { length: setCount('groupTrigrams', messages.length) },
    () => new TrigramSet(emptyFilter(MAX_TRIGRAM_BYTES)),
  );
  addMessages((row) => groups[Math.floor(row / GROUP_ROWS)] as TrigramSet, messages);
  const filters = groups.map(({ filter }) => filter);
  const all = addFilters(emptyFilter(MAX_TRIGRAM_BYTES), filters);
  return {
    trigrams: writeFilters([all], MAX_TRIGRAM_FILL),
    groupTrigrams: writeFilters(filters, MAX_TRIGRAM_FILL),
  };
}

/** Encodes the tokens of tags and data. */
export function encodeTokens(tags: SplitColumn, data: SplitColumn): Uint8Array {
  const tokens = new TokenSet(emptyFilter(MAX_TOKEN_BYTES));
  addTags(tokens, tags);
  addData(tokens, data);
  return writeFilters([tokens.filter], MAX_TOKEN_FILL);
}

function emptyFilter(bytes: number): BitFilter {
  return new BitFilter(new Uint8Array(bytes));
}

function writeFilters(filters: readonly BitFilter[], maxFill: number): Uint8Array {
  const small = shrink(filters, maxFill);
  const writer = new ByteWriter();
  writer.byte(SETS_VERSION);
  writer.byte(Math.log2(small[0]?.bytes.byteLength ?? 1));
  for (const { bytes } of small) writer.bytes(bytes);
  return finishWithChecksum(writer);
}

/**
 * Returns the filters of a part, or `undefined` if another version encoded them. Then every row must be read.
 *
 * @param count - See `setCount`.
 * @throws {DamagedBlockError} when the bytes are damaged.
 */
export function decodeFilters(bytes: Uint8Array, count: number): readonly BitFilter[] | undefined {
  const reader = contentReader(bytes);
  if (reader.byte() !== SETS_VERSION) return undefined;
  const exponent = reader.byte();
  const size = 2 ** exponent;
  if (exponent > MAX_EXPONENT || reader.remaining !== size * count)
    throw new DamagedBlockError('its sets are incomplete');
  return Array.from({ length: count }, () => new BitFilter(reader.bytes(size)));
}
