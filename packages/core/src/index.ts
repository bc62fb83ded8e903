// For applications.
export type * from './vigilant';
export type { BatchOptions, DeadLetterOptions, VigilantOptions } from './options';
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
export { ERROR_CODES, VigilantError, isVigilantError } from './errors';
export type { ErrorCode, ErrorCodeEntry, VigilantErrorOptions, Violation } from './errors';

// For authors of adapters.
export type * from './contracts/broker';
export type * from './contracts/context';
export * from './contracts/documents';
export type * from './contracts/query';
export type * from './contracts/store';
export type * from './filter/ast';
export { MATCH_ALL } from './filter/ast';
export { createManualClock, sleep, systemClock } from './clock';
export type { Clock, ManualClock, Timer } from './clock';
export type { Diagnostic, DiagnosticSink } from './diagnostics';
export { toVigilantError } from './errors';
export { fromMicros, toMicros } from './event/micros';
