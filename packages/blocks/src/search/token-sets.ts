import type { JsonValue } from '@vigilant/core';
import { fold } from '@vigilant/core/adapter';
import type { BlockRow } from '../block/block-row';
import { DamagedBlockError } from '../bytes/damaged';
import { TOKENS, TOKEN_SET_BYTES, TokenSet, tokenOf, valueToken } from './token-set';

// Layout: version, then one set for each group of consecutive rows.

/** Version of folding, tokens and hashes. Sets of another version cannot be tested. */
const SETS_VERSION = 1;

/** Number of rows that share a set. */
export const GROUP_ROWS = 256;

/** Encodes the tokens of some rows, one set for each group of them. */
export function encodeTokenSets(rows: readonly BlockRow[]): Uint8Array {
  const groups = Math.ceil(rows.length / GROUP_ROWS);
  const bytes = new Uint8Array(1 + groups * TOKEN_SET_BYTES);
  bytes[0] = SETS_VERSION;
  rows.forEach((row, index) => addRow(setAt(bytes, Math.floor(index / GROUP_ROWS)), row));
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
  return Array.from({ length: groups }, (_, group) => setAt(bytes, group));
}

function setAt(bytes: Uint8Array, group: number): TokenSet {
  const start = 1 + group * TOKEN_SET_BYTES;
  return new TokenSet(bytes.subarray(start, start + TOKEN_SET_BYTES));
}

function addRow(set: TokenSet, { message, tags, data }: BlockRow): void {
  set.addTrigrams(fold(message));
  if (tags !== '[]')
    for (const tag of JSON.parse(tags) as readonly string[]) set.add(tokenOf(TOKENS.TAG, tag));
  if (data !== '{}') addValue(set, undefined, JSON.parse(data) as JsonValue);
}

/**
 * Adds the path of each value that is not null, and the value if it is not an object. Indexes of arrays do not belong to
 * the path, which is undefined for `data` itself.
 */
function addValue(set: TokenSet, path: string | undefined, value: JsonValue): void {
  if (Array.isArray(value)) {
    for (const element of value as readonly JsonValue[]) addValue(set, path, element);
    return;
  }
  if (path !== undefined && value !== null) set.add(tokenOf(TOKENS.PATH, path));
  if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value))
      addValue(set, path === undefined ? key : `${path}.${key}`, member as JsonValue);
  } else if (path !== undefined) set.add(valueToken(path, String(value)));
}
