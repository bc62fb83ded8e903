// For applications.
export { createVigilant } from './engine/engine';
export { createMemoryBroker } from './memory/memory-broker';
export type { MemoryBrokerOptions } from './memory/memory-broker';
export { createMemoryDocuments } from './memory/memory-documents';
export { createMemoryStore } from './memory/memory-store';
export type { MemoryStoreOptions } from './memory/memory-store';
export { formatFilter } from './filter/format';
export type { FilterObject, FilterObjectValue } from './filter/from-object';
export { parseFilter } from './filter/parse';
export { toFilter } from './filter/to-filter';
export { parseJson } from './event/parse-json';
export { formatTimestamp, parseTimestamp } from './event/timestamp';
export type * from './contracts/dead-letters';
export type * from './contracts/status';
export type * from './contracts/vigilant';
export type { BatchOptions, DeadLetterOptions, VigilantOptions } from './engine/options';
export { LEVELS } from './event/event';
export type {
  Event,
  EventDefaults,
  EventInput,
  JsonObject,
  JsonValue,
  Level,
  StoredEvent,
  TimestampInput,
} from './event/event';
export { ERROR_CODES, VigilantError, isVigilantError } from './util/errors';
export type { ErrorCode, ErrorCodeEntry, VigilantErrorOptions, Violation } from './util/errors';

// For authors of adapters.
export type * from './contracts/broker';
export type * from './contracts/context';
export * from './contracts/documents';
export type * from './contracts/query';
export type * from './contracts/store';
export type * from './filter/ast';
export { MATCH_ALL } from './filter/ast';
export { createManualClock, sleep, systemClock } from './util/clock';
export type { Clock, ManualClock, Timer } from './util/clock';
export { guardDiagnostics } from './util/diagnostics';
export type { Diagnostic, DiagnosticSink } from './util/diagnostics';
export { toVigilantError } from './util/errors';
export { fromMicros, toMicros } from './event/micros';
export {
  decodeEvent,
  encodeEvent,
  encodedSize,
  encodeParts,
  eventFromParts,
  readEncoded,
  sameContent,
} from './event/codec';
export type { EncodedHead } from './event/codec';
export { decodeForeignEvent } from './event/foreign';
export type { ForeignContext } from './event/foreign';
export { createIdGenerator } from './event/id';
export { resolveDefaults } from './event/defaults';
export type { ResolvedDefaults } from './event/defaults';
export { normalizeEvent } from './event/normalize';
export type { NormalizeContext } from './event/normalize';
export { RowEvent } from './event/row-event';
export { toWellFormed } from './util/text';
export { checkFilter } from './filter/check';
export { countValues, formatCountField, parseCountField } from './filter/count-field';
export { fold, FOLD_VERSION } from './filter/fold';
export { createMatcher, matches } from './filter/matches';
export { resolveFilter } from './filter/resolve';
export { timeRangeOf } from './filter/time-range-of';
export type { TimestampRange } from './filter/time-range-of';
export { widenFilter } from './filter/widen';
export type { WidenedFilter } from './filter/widen';
export { SQL_ALL, SQL_UNDECIDED, compileToSql } from './filter/sql';
export type { SqlComparisons, SqlCondition } from './filter/sql';
export { createLogger } from './intake/logger';
export type { LoggerParts } from './intake/logger';
export { backOffMs } from './util/backoff';
export type { BackOff } from './util/backoff';
export { createWatch } from './util/watch';
export type { Watch } from './util/watch';
export { createRecent } from './util/recent';
export type { Recent } from './util/recent';
export { checkInteger, checkOptions } from './query/limits';
export { sharedSignal } from './util/signals';
export { createWakeup } from './util/wakeup';
export type { Wakeup } from './util/wakeup';
