/**
 * Building blocks for stores, brokers and transports. The contracts they implement are exported by `@vigilant/core`.
 *
 * @module
 */
export {
  decodeEvent,
  encodeEvent,
  encodedSize,
  encodeParts,
  eventFromParts,
  readEncoded,
  sameContent,
} from '../event/codec';
export type { EncodedHead } from '../event/codec';
export { resolveDefaults } from '../event/defaults';
export type { ResolvedDefaults } from '../event/defaults';
export { decodeForeignEvent } from '../event/foreign';
export type { ForeignContext } from '../event/foreign';
export { createIdGenerator } from '../event/id';
export { fromMicros, toMicros } from '../event/micros';
export { normalizeEvent } from '../event/normalize';
export type { NormalizeContext } from '../event/normalize';
export { MAX_ID_CHARACTERS } from '../event/read-fields';
export { RowEvent } from '../event/row-event';
export { checkFilter } from '../filter/check';
export { countValues, formatCountField, parseCountField } from '../filter/count-field';
export { fold, FOLD_VERSION } from '../filter/fold';
export { createMatcher, matches } from '../filter/matches';
export { resolveFilter } from '../filter/resolve';
export { SQL_ALL, SQL_UNDECIDED, compileToSql } from '../filter/sql';
export type { SqlComparisons, SqlCondition } from '../filter/sql';
export { timeRangeOf } from '../filter/time-range-of';
export type { TimestampRange } from '../filter/time-range-of';
export { widenFilter } from '../filter/widen';
export type { WidenedFilter } from '../filter/widen';
export { createLogger } from '../intake/logger';
export type { LoggerParts } from '../intake/logger';
export { checkEventOrder, checkInteger, checkOptions } from '../query/limits';
export { backOffMs } from '../util/backoff';
export type { BackOff } from '../util/backoff';
export { sleep } from '../util/clock';
export { guardDiagnostics } from '../util/diagnostics';
export { reasonOf, toVigilantError } from '../util/errors';
export { nearName } from '../util/near-name';
export { createRecent } from '../util/recent';
export type { Recent } from '../util/recent';
export { sharedSignal } from '../util/signals';
export { toWellFormed } from '../util/text';
export { createWakeup } from '../util/wakeup';
export type { Wakeup } from '../util/wakeup';
export { createWatch } from '../util/watch';
export type { Watch } from '../util/watch';
export { yieldToEventLoop } from '../util/yield-to-event-loop';
