import { shorten } from './text';

/**
 * Every code an error can carry, and what each transport makes of it.
 *
 * `retryable` is the default for the code. Codes are stable; messages are not.
 */
export const ERROR_CODES = {
  VIGILANT_EVENT_INVALID: {
    retryable: false,
    grpc: 'INVALID_ARGUMENT',
    http: 400,
    meaning: 'An event breaks a rule of the event model. It was not taken; its neighbours were.',
  },
  VIGILANT_EVENT_REJECTED: {
    retryable: false,
    grpc: 'FAILED_PRECONDITION',
    http: 422,
    meaning: 'A store cannot hold the content of an event. The event goes to the dead letters.',
  },
  VIGILANT_FILTER_INVALID: {
    retryable: false,
    grpc: 'INVALID_ARGUMENT',
    http: 400,
    meaning: 'A filter cannot be understood; the error names the position and what was expected.',
  },
  VIGILANT_QUERY_INVALID: {
    retryable: false,
    grpc: 'INVALID_ARGUMENT',
    http: 400,
    meaning: 'A query option such as limit, order or since has a value that is not allowed.',
  },
  VIGILANT_CURSOR_INVALID: {
    retryable: false,
    grpc: 'INVALID_ARGUMENT',
    http: 400,
    meaning: 'A cursor is damaged, or belongs to another filter, order or store. Start again without it.',
  },
  VIGILANT_OPTIONS_INVALID: {
    retryable: false,
    grpc: 'FAILED_PRECONDITION',
    http: 500,
    meaning: 'An option given to a factory is unknown or out of range; the error names its path.',
  },
  VIGILANT_NOT_FOUND: {
    retryable: false,
    grpc: 'NOT_FOUND',
    http: 404,
    meaning: 'What was asked for by id does not exist, or no longer.',
  },
  VIGILANT_NOT_SUPPORTED: {
    retryable: false,
    grpc: 'UNIMPLEMENTED',
    http: 501,
    meaning: 'The adapter in use does not offer this.',
  },
  VIGILANT_CLOSED: {
    retryable: false,
    grpc: 'UNAVAILABLE',
    http: 503,
    meaning: 'The engine or client is closed or closing. Nothing was taken.',
  },
  VIGILANT_BROKER_CLOSED: {
    retryable: false,
    grpc: 'UNAVAILABLE',
    http: 503,
    meaning: 'The broker is closed or not yet open. Nothing was taken.',
  },
  VIGILANT_BROKER_FULL: {
    retryable: true,
    grpc: 'RESOURCE_EXHAUSTED',
    http: 429,
    meaning: 'The broker holds as much as it may. Nothing was taken; send again after a pause.',
  },
  VIGILANT_BROKER_UNAVAILABLE: {
    retryable: true,
    grpc: 'UNAVAILABLE',
    http: 503,
    meaning: 'The broker could not confirm. The outcome is unknown: send again with the same ids.',
  },
  VIGILANT_STORE_CLOSED: {
    retryable: false,
    grpc: 'UNAVAILABLE',
    http: 503,
    meaning: 'The store is closed or not yet open.',
  },
  VIGILANT_STORE_FULL: {
    retryable: true,
    grpc: 'RESOURCE_EXHAUSTED',
    http: 507,
    meaning: 'The store has no room left, such as on a full disk. What is stored stays readable.',
  },
  VIGILANT_STORE_UNAVAILABLE: {
    retryable: true,
    grpc: 'UNAVAILABLE',
    http: 503,
    meaning: 'The store did not answer or failed. A rejected append may still have been stored.',
  },
  VIGILANT_SCHEMA_UNSUPPORTED: {
    retryable: false,
    grpc: 'FAILED_PRECONDITION',
    http: 500,
    meaning: 'The data was written by a newer version, or is not ours. Nothing was changed.',
  },
  VIGILANT_DRIVER_MISSING: {
    retryable: false,
    grpc: 'FAILED_PRECONDITION',
    http: 500,
    meaning: 'A native driver is not installed or does not load; the error says what to do.',
  },
  VIGILANT_WATCH_OVERFLOW: {
    retryable: true,
    grpc: 'RESOURCE_EXHAUSTED',
    http: 503,
    meaning: 'A watch fell too far behind and ended. Watch again and read the store for what was missed.',
  },
  VIGILANT_ADDRESS_IN_USE: {
    retryable: false,
    grpc: 'FAILED_PRECONDITION',
    http: 500,
    meaning: 'The address to listen on is taken by another process.',
  },
  VIGILANT_INTERNAL: {
    retryable: true,
    grpc: 'INTERNAL',
    http: 500,
    meaning: 'Something failed that should not; the cause is attached. A fault of ours.',
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** What the table says of one code. */
export interface ErrorCodeEntry {
  readonly retryable: boolean;
  /** Canonical gRPC status name. */
  readonly grpc: string;
  /** HTTP status. */
  readonly http: number;
  readonly meaning: string;
}

/** A stable code of a `VigilantError`. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** One thing wrong with an input. */
export interface Violation {
  /** Path of the field, such as `tags[2]` or `data`; with a batch, `events[3].level`. */
  readonly field: string;
  /** Stable and machine-readable, such as `too_long`. */
  readonly code: string;
  /** For people: what is wrong, with the value where that helps, and what to do. */
  readonly reason: string;
  /** The limit that was passed, where there is one. */
  readonly limit?: number | string;
}

/** Options of a `VigilantError`. */
export interface VigilantErrorOptions {
  /** @defaultValue what the code table says */
  readonly retryable?: boolean;
  readonly cause?: unknown;
  readonly violations?: readonly Violation[];
  /** How long to wait before trying again, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Where in the text a filter is wrong, in UTF-16 code units. */
  readonly position?: number;
}

/** `retryAfterMs` of `VIGILANT_BROKER_FULL` while the capacity of a broker is used up. */
export const FULL_RETRY_MS = 1_000;

const BRAND = Symbol.for('vigilant.error');

/** Maximum length of a message, in UTF-16 code units. */
const MAX_MESSAGE_CHARACTERS = 4_096;
/** Maximum length of the field and of the reason of a violation, in UTF-16 code units. */
const MAX_VIOLATION_CHARACTERS = 1_024;

/**
 * The error class of all packages. Identify an error by `isVigilantError` and its `code`.
 *
 * A message may quote text from a caller or a driver. Long messages are shortened, and control and bidirectional
 * characters are escaped, so that a message is one line that is safe to print.
 */
export class VigilantError extends Error {
  override readonly name = 'VigilantError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly violations: readonly Violation[];
  readonly retryAfterMs?: number;
  readonly position?: number;

  constructor(code: ErrorCode, message: string, options: VigilantErrorOptions = {}) {
    super(
      shorten(message, MAX_MESSAGE_CHARACTERS),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.retryable = options.retryable ?? ERROR_CODES[code].retryable;
    this.violations = (options.violations ?? []).map(printableViolation);
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    if (options.position !== undefined) this.position = options.position;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

function printableViolation(violation: Violation): Violation {
  const { field, reason } = violation;
  return {
    ...violation,
    field: shorten(field, MAX_VIOLATION_CHARACTERS),
    reason: shorten(reason, MAX_VIOLATION_CHARACTERS),
  };
}

/** Tells a `VigilantError`, also one made by another copy of this package. */
export function isVigilantError(value: unknown): value is VigilantError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** Wraps anything thrown as a `VigilantError`; what is one already passes unchanged. */
export function toVigilantError(error: unknown, code: ErrorCode, what: string): VigilantError {
  if (isVigilantError(error)) return error;
  return new VigilantError(code, `${what}: ${reasonOf(error)}`, { cause: error });
}

/** Returns the message of a thrown value. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
