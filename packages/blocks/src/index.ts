export { DamagedBlockError } from './bytes/damaged';
export type { BlockRow } from './block/block-row';
export { COLUMN_NAMES, decodeColumn, encodeColumn } from './block/columns';
export type { Column, ColumnName } from './block/columns';
export { MAX_ROWS } from './limits';
export { compileGroupTest } from './search/group-test';
export type { GroupTest } from './search/group-test';
export type { TokenSet } from './search/token-set';
export { GROUP_ROWS, decodeTokenSets, encodeTokenSets } from './search/token-sets';
