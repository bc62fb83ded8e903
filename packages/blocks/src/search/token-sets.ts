import type { BlockRow } from '../block/block-row';
import { byteTextsOf } from '../bytes/byte-texts';
import { DamagedBlockError } from '../bytes/damaged';
import { SplitColumn } from '../template/split-column';
import { splitJson } from '../template/split-json';
import { splitMessage } from '../template/split-message';
import { addData } from './data-tokens';
import { addMessages } from './message-tokens';
import { addTags } from './tag-tokens';
import { TOKEN_SET_BYTES, TokenSet } from './token-set';

// Layout: version, then one set for each group of consecutive rows.

/** Version of folding, tokens and hashes. Sets of another version cannot be tested. */
const SETS_VERSION = 1;

/** Number of rows that share a set. */
export const GROUP_ROWS = 256;

/** The columns whose tokens are searched. */
export interface SearchedColumns {
  readonly message: SplitColumn;
  readonly tags: SplitColumn;
  readonly data: SplitColumn;
}

/** Encodes the tokens of some rows, one set for each group of them. */
export function encodeTokenSets(rows: readonly BlockRow[]): Uint8Array {
  return encodeTokensOf({
    message: new SplitColumn(byteTextsOf(rows, 'message'), splitMessage),
    tags: new SplitColumn(byteTextsOf(rows, 'tags'), splitJson),
    data: new SplitColumn(byteTextsOf(rows, 'data'), splitJson),
  });
}

/** Encodes the tokens of columns that were split before. */
export function encodeTokensOf({ message, tags, data }: SearchedColumns): Uint8Array {
  const groups = Math.ceil(message.length / GROUP_ROWS);
  const bytes = new Uint8Array(1 + groups * TOKEN_SET_BYTES);
  bytes[0] = SETS_VERSION;
  const sets = setsIn(bytes, groups);
  const setOf = (row: number): TokenSet => sets[Math.floor(row / GROUP_ROWS)] as TokenSet;
  addMessages(setOf, message);
  addTags(setOf, tags);
  addData(setOf, data);
  return bytes;
}

/**
 * Returns the set of each group of rows, or `undefined` if another version encoded them. Then every group must be read.
 *
 * @throws {DamagedBlockError} when the bytes are incomplete.
 */
export function decodeTokenSets(bytes: Uint8Array): readonly TokenSet[] | undefined {
  if (bytes[0] !== SETS_VERSION) return undefined;
  const groups = (bytes.byteLength - 1) / TOKEN_SET_BYTES;
  if (!Number.isInteger(groups)) throw new DamagedBlockError('its token sets are incomplete');
  return setsIn(bytes, groups);
}

function setsIn(bytes: Uint8Array, groups: number): readonly TokenSet[] {
  return Array.from({ length: groups }, (_, group) => {
    const start = 1 + group * TOKEN_SET_BYTES;
    return new TokenSet(bytes.subarray(start, start + TOKEN_SET_BYTES));
  });
}
