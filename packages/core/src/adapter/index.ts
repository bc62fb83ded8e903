/**
 * Functions for the implementation of stores, brokers and transports. `@vigilant/core` exports the contracts.
 *
 * @module
 */
export { checkContext } from '../contracts/check-context';
export { checkEngine } from '../contracts/check-engine';
export { encodeChanges } from '../contracts/encode-changes';
export type { EncodedChange, EncodedContent } from '../contracts/encode-changes';
export { checkRetentionPolicy, expiryTime } from '../contracts/retention-policy';
export {
  decodeEvent,
  encodeEvent,
  encodeEventJson,
  encodedSize,
  encodeParts,
  eventFromParts,
  readEncoded,
  sameContent,
  totalEncodedSize,
} from '../event/codec';
export { createEventEncoder, encodeAll, framesOf, joinEncoded, readFrames } from '../event/encoded-events';
export type { EncodedEvents, EventEncoder } from '../event/encoded-events';
export { readColumns } from '../event/encoded-columns';
export type { EncodedColumns, TextRanges } from '../event/encoded-columns';
export { WIRE_TEXTS, WireEvent } from '../event/wire-event';
export type { WireText } from '../event/wire-event';
export { toEventJson } from '../event/event-json';
export type { EventJson } from '../event/event-json';
export type { EventRow } from '../event/binary-encoding';
export type { EncodedHead, EncodedParts } from '../event/encoded-parts';
export { resolveDefaults } from '../event/defaults';
export type { ResolvedDefaults } from '../event/defaults';
export { decodeExternalEvent } from '../event/external';
export type { ExternalContext } from '../event/external';
export { createIdGenerator } from '../event/id';
export { LEVEL_RANKS, checkLevel } from '../event/level';
export {
  MAX_BATCH_EVENTS,
  MAX_ID_CHARACTERS,
  MAX_SEVERITY,
  MAX_TIME_MICROS,
  MAX_TIME_MS,
  MIN_SEVERITY,
} from '../event/limits';
export { fromMicros, toMicros } from '../event/timestamp';
export { normalizeEvent } from '../event/normalize';
export type { NormalizeContext } from '../event/normalize';
export { invalidEvent } from '../event/violations';
export { RowEvent } from '../event/row-event';
export { checkFilter } from '../filter/check';
export { countValues, createPathReader, createValueReader, parseCountField } from '../filter/count-field';
export { fold } from '../filter/fold';
export { compareWith, createMatcher, matches } from '../filter/matches';
export { searchJsonText } from '../filter/json-text';
export type { ContainsJson } from '../filter/json-text';
export { compileToSql, exactSql, supersetSql } from '../filter/sql';
export type { BindValue, SqlCondition, SqlDialect, SqlTest } from '../filter/sql';
export { timeRangeOf } from '../filter/time-range-of';
export type { TimestampRange } from '../filter/time-range-of';
export { widenFilter } from '../filter/widen';
export type { WidenedFilter } from '../filter/widen';
export { logBatchFrom, logFrom, readInputs } from '../intake/event-reader';
export type { EventReader, SingleEventReader } from '../intake/event-reader';
export { createLogger } from '../intake/logger';
export type { LoggerParts } from '../intake/logger';
export { createBucketCounter, createFieldCounter } from '../query/counters';
export type { BucketCounter, CountedBucket, FieldCounter } from '../query/counters';
export { damagedCursor, decodePageCursor, decodeTailCursor } from '../query/cursor';
export {
  checkEventId,
  checkEventOrder,
  checkInteger,
  checkOptions,
  checkText,
  notFound,
} from '../query/argument-checks';
export { createPageEvents } from '../query/page-events';
export type { PageEvents } from '../query/page-events';
export { queryLines } from '../query/query-lines';
export type { LinesResult } from '../query/query-lines';
export { scanWindows } from '../query/scan-windows';
export type {
  PageRows,
  ScanResult,
  ScanSource,
  ScanWindow,
  WindowEnd,
  WindowSizes,
} from '../query/scan-windows';
export { checkTimeBound, readTimeOption } from '../query/time-range';
export { backOffMs } from '../util/backoff';
export type { BackOff } from '../util/backoff';
export { checkCertificates } from '../util/certificate-checks';
export type { Certificates } from '../util/certificate-checks';
export { sleep, yieldToEventLoop } from '../util/clock';
export { guardDiagnostics } from '../util/diagnostics';
export { FULL_RETRY_MS, readOnlyError, reasonOf, toVigilantError } from '../util/errors';
export { createFolder } from '../util/create-folder';
export { adviseName, nearName } from '../util/near-name';
export { isLoopback, withoutBrackets } from '../util/net/address';
export { createConnections } from '../util/net/connections';
export type { Connections } from '../util/net/connections';
export { resolveEndpoint } from '../util/net/endpoint';
export type { Endpoint, EndpointOptions, EndpointRules } from '../util/net/endpoint';
export { listen } from '../util/net/listen';
export type { ListenParts, Listener } from '../util/net/listen';
export { createRequestMemory } from '../util/net/request-memory';
export type { HeldRequest, RequestMemory } from '../util/net/request-memory';
export {
  checkAll,
  checkBooleanOption,
  checkChoiceOption,
  checkFunctionOption,
  checkIntegerOption,
  checkMethodsOption,
  checkObjectOption,
  checkOptionKeys,
  checkSecretOption,
  checkTextOption,
  invalidOption,
  invalidSecretOption,
  needlessBroker,
  optionError,
} from '../util/option-checks';
export type { TextLimits } from '../util/option-checks';
export { createRecent } from '../util/recent';
export type { Recent } from '../util/recent';
export { abortable, sharedSignal, withTimeout } from '../util/signals';
export type { TimeLimit } from '../util/signals';
export { setInterval } from '../util/timers';
export { describeValue, shorten } from '../util/text';
export { hexToUuid, uuidToHex } from '../util/uuid';
export { createWakeup } from '../util/wakeup';
export type { Wakeup } from '../util/wakeup';
export { createWatch } from '../util/watch';
export type { Watch } from '../util/watch';
export { createWorkSlicer } from '../util/work-slicer';
export type { WorkSlicer } from '../util/work-slicer';
