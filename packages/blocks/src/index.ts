export { byteTextsOf, selectTexts, textAt } from './bytes/byte-texts';
export type { ByteTexts } from './bytes/byte-texts';
export { DamagedBlockError } from './bytes/damaged';
export type { BlockRow } from './events/block-row';
export { COLUMN_NAMES, decodeColumn, encodeColumn } from './block/columns';
export type { Column, ColumnName, ColumnOf, IntegerColumn } from './block/columns';
export { EventColumns, columnsOf } from './events/event-columns';
export type { FieldColumns } from './events/event-columns';
export { encodeParts } from './block/encode-parts';
export type { Part, PartName } from './block/encode-parts';
export { distinctTexts } from './column/distinct-texts';
export type { DistinctTexts } from './column/distinct-texts';
export type { TextColumn, TextDictionary } from './column/text-column';
export { MAX_ROWS } from './limits';
export { compileGroupTest } from './search/group-test';
export type { GroupTest } from './search/group-test';
export type { TokenSet } from './search/token-set';
export { GROUP_ROWS, decodeTokenSets, encodeTokenSets } from './search/token-sets';
export { Block } from './read/block';
export type { BlockParts } from './read/block';
export { BlockWalk } from './read/block-walk';
export type { WalkOptions } from './read/block-walk';
export { compileCandidates } from './read/candidates';
export { compileMatchingRows } from './read/matching-rows';
export { walkOrder } from './read/order';
export type { TestedRows } from './read/row-test';
export { hasRow, intersect, rowsWhere } from './read/row-set';
export type { RowSet } from './read/row-set';
export { encodeRun } from './ids/encode-run';
export type { EncodedRun } from './ids/encode-run';
export { hashIds } from './ids/hash-id';
export { findBlocks } from './ids/id-run';
export type { IdCandidate, IdRun } from './ids/id-run';
export { mergeRuns } from './ids/merge-runs';
export { planMerge } from './ids/plan-merge';
export { decodeHead } from './ids/run-head';
export type { RunHead } from './ids/run-head';
export { isPrompt, timesOfUuid7s } from './ids/uuid7';
export type {
  BlockHeader,
  BlockSummary,
  Bounds,
  MinuteCounts,
  SummaryField,
  ValueCounts,
} from './summary/block-summary';
export { MINUTE_MICROS, SUMMARY_FIELDS } from './summary/block-summary';
export { decodeSummary, encodeSummary } from './summary/encode-summary';
export { summarize } from './summary/summarize';
export { groupBlocks } from './summary/summary-groups';
export type { SummaryGroup, SummaryReader } from './summary/summary-groups';
export { countGroups } from './counts/block-counter';
export type { BlockAccess, BlockCounter } from './counts/block-counter';
export { createFacetCounter } from './counts/facet-counter';
export type { FacetCounter } from './counts/facet-counter';
export { createHistogramCounter } from './counts/histogram-counter';
export type { HistogramCounter } from './counts/histogram-counter';
export { withinRange } from './counts/range-filter';
