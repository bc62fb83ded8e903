import type { EventColumns } from '../events/event-columns';
import { ByteWriter } from '../bytes/byte-writer';
import { contentReader, finishWithChecksum } from '../bytes/checksum';
import { DamagedBlockError } from '../bytes/damaged';
import { SplitColumn } from '../template/split-column';
import { splitJson } from '../template/split-json';
import { splitMessage } from '../template/split-message';
import { BitFilter, shrink } from './bit-filter';
import { addData } from './data-tokens';
import { addMessages } from './message-tokens';
import { addTags } from './tag-tokens';
import { TokenSet } from './token-set';

// Layout:
//   version
//   bytes of the filter of trigrams and of that of other tokens, as powers of two
//   for each group of consecutive rows: its filter of trigrams, its filter of other tokens
//   CRC-32. Without it, a damaged set would hide events.

/** Version of folding, tokens and hashes. Sets of another version cannot be tested. */
const SETS_VERSION = 1;

/** Bytes of the filters before they are shrunk. */
const MAX_TRIGRAM_BYTES = 2 * 1024;
const MAX_TOKEN_BYTES = 2 * 1024;

/** Share of bits that may be set. A search for text tests several trigrams, one for another token four bits. */
const MAX_TRIGRAM_FILL = 0.4;
const MAX_TOKEN_FILL = 0.36;

/** Number of rows that share a set. */
export const GROUP_ROWS = 256;

/** The columns whose tokens are searched. */
export interface SearchedColumns {
  readonly message: SplitColumn;
  readonly tags: SplitColumn;
  readonly data: SplitColumn;
}

/** Encodes the tokens of some events, one set for each group of them. */
export function encodeTokenSets({ fields }: EventColumns): Uint8Array {
  return encodeTokensOf({
    message: new SplitColumn(fields.message, splitMessage),
    tags: new SplitColumn(fields.tags, splitJson),
    data: new SplitColumn(fields.data, splitJson),
  });
}

/** Encodes the tokens of columns that were split before. */
export function encodeTokensOf({ message, tags, data }: SearchedColumns): Uint8Array {
  const sets = Array.from(
    { length: Math.ceil(message.length / GROUP_ROWS) },
    () => new TokenSet(emptyFilter(MAX_TRIGRAM_BYTES), emptyFilter(MAX_TOKEN_BYTES)),
  );
  const setOf = (row: number): TokenSet => sets[Math.floor(row / GROUP_ROWS)] as TokenSet;
  addMessages(setOf, message);
  addTags(setOf, tags);
  addData(setOf, data);
  return writeSets(
    shrink(
      sets.map(({ trigrams }) => trigrams),
      MAX_TRIGRAM_FILL,
    ),
    shrink(
      sets.map(({ tokens }) => tokens),
      MAX_TOKEN_FILL,
    ),
  );
}

function emptyFilter(bytes: number): BitFilter {
  return new BitFilter(new Uint8Array(bytes));
}

function writeSets(trigrams: readonly BitFilter[], tokens: readonly BitFilter[]): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(SETS_VERSION);
  for (const [first] of [trigrams, tokens]) writer.byte(Math.log2(first?.bytes.byteLength ?? 1));
  trigrams.forEach((filter, group) => {
    writer.bytes(filter.bytes);
    writer.bytes((tokens[group] as BitFilter).bytes);
  });
  return finishWithChecksum(writer);
}

/**
 * Returns the set of each group of rows, or `undefined` if another version encoded them. Then every group must be read.
 *
 * @throws {DamagedBlockError} when the bytes are damaged.
 */
export function decodeTokenSets(bytes: Uint8Array): readonly TokenSet[] | undefined {
  const reader = contentReader(bytes);
  if (reader.byte() !== SETS_VERSION) return undefined;
  const [trigramBytes, tokenBytes] = [2 ** reader.byte(), 2 ** reader.byte()];
  const groups = reader.remaining / (trigramBytes + tokenBytes);
  if (!Number.isInteger(groups)) throw new DamagedBlockError('its token sets are incomplete');
  return Array.from(
    { length: groups },
    () => new TokenSet(new BitFilter(reader.bytes(trigramBytes)), new BitFilter(reader.bytes(tokenBytes))),
  );
}
