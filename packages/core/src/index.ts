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
export type * from './contracts/retention';
export type * from './contracts/status';
export * from './contracts/views';
export type * from './contracts/logger';
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

export type * from './contracts/broker';
export type * from './contracts/context';
export * from './contracts/documents';
export type * from './contracts/query';
export type * from './contracts/store';
export type { Comparison, DataTest, Filter, OrderedField, TextField } from './filter/ast';
export { MATCH_ALL } from './filter/ast';
export { createManualClock, systemClock } from './util/clock';
export type { Clock, ManualClock, Timer } from './util/clock';
export type { Diagnostic, DiagnosticSink } from './util/diagnostics';
