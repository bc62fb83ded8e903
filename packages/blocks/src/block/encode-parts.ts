import { encodeTokenSets } from '../search/token-sets';
import type { BlockRow } from './block-row';
import type { ColumnName } from './columns';
import { COLUMN_NAMES, encodeColumn } from './columns';

/** The parts of a block: its columns and its token sets. */
export type PartName = ColumnName | 'tokens';

/** An encoded part of a block, to be stored under its name. */
export interface Part {
  readonly name: PartName;
  readonly bytes: Uint8Array;
}

/**
 * Encodes all parts of a block, one each time the next part is requested, so that the caller can do other work between two
 * parts.
 *
 * @param rows - At most `MAX_ROWS`. They must not change until the last part was returned.
 */
export function* encodeParts(rows: readonly BlockRow[]): Generator<Part, void> {
  for (const name of COLUMN_NAMES) yield { name, bytes: encodeColumn(name, rows) };
  yield { name: 'tokens', bytes: encodeTokenSets(rows) };
}
