import { shorten } from './text';

/**
 * All error codes, with their gRPC and HTTP statuses.
 *
 * Codes are stable; messages are not.
 */
export const ERROR_CODES = {
  VIGILANT_EVENT_INVALID: {
    retryable: false,
    grpc: 'INVALID_ARGUMENT',
    http: 400,
    meaning:
      'The event violates a rule of the event model. It was not accepted; the other events of the batch were.',
  },
  VIGILANT_EVENT_REJECTED: {
    retryable: false,
    grpc: 'FAILED_PRECONDITION',
    http: 422,
    meaning: 'The store cannot hold the content of the event. The event becomes a dead letter.',
  },
  VIGILANT_FILTER_INVALID: {
    retryable: false,
    grpc: 'INVALID_ARGUMENT',
    http: 400,
    meaning: 'The filter is invalid. The error states the position and what was expected.',
  },
  VIGILANT_QUERY_INVALID: {
    retryable: false,
    grpc: 'INVALID_ARGUMENT',
    http: 400,
    meaning: 'A query option or another part of a request is unknown or has an invalid value.',
  },
  VIGILANT_CURSOR_INVALID: {
    retryable: false,
    grpc: 'INVALID_ARGUMENT',
    http: 400,
    meaning: 'The cursor is damaged, or belongs to another filter, order or store. Start again without it.',
  },
  VIGILANT_OPTIONS_INVALID: {
    retryable: false,
    grpc: 'FAILED_PRECONDITION',
    http: 500,
    meaning: 'An option of a factory is unknown or has an invalid value. The error states its path.',
  },
  VIGILANT_NOT_FOUND: {
    retryable: false,
    grpc: 'NOT_FOUND',
    http: 404,
    meaning: 'The requested item does not exist, or no longer exists.',
  },
  VIGILANT_CONFLICT: {
    retryable: false,
    grpc: 'ABORTED',
    http: 412,
    meaning: 'Another caller changed the item. Nothing was changed. Read it again and repeat the change.',
  },
  VIGILANT_UNAUTHENTICATED: {
    retryable: false,
    grpc: 'UNAUTHENTICATED',
    http: 401,
    meaning: 'The request has no credentials, and the server requires them. Log in, or send a token.',
  },
  VIGILANT_FORBIDDEN: {
    retryable: false,
    grpc: 'PERMISSION_DENIED',
    http: 403,
    meaning: 'The server does not accept the request from this caller. The error states the rule.',
  },
  VIGILANT_READ_ONLY: {
    retryable: false,
    grpc: 'FAILED_PRECONDITION',
    http: 403,
    meaning:
      'The store is open read-only. Nothing was changed. Use the server that writes the store, or open it for writing.',
  },
  VIGILANT_LIMIT_REACHED: {
    retryable: true,
    grpc: 'RESOURCE_EXHAUSTED',
    http: 429,
    meaning: 'A limit of the server, such as that of open tails, is reached. Try again after a pause.',
  },
  VIGILANT_NOT_SUPPORTED: {
    retryable: false,
    grpc: 'UNIMPLEMENTED',
    http: 501,
    meaning: 'The adapter or the endpoint does not support this operation.',
  },
  VIGILANT_CLOSED: {
    retryable: false,
    grpc: 'UNAVAILABLE',
    http: 503,
    meaning: 'The engine or client is closed or closing. No event was accepted.',
  },
  VIGILANT_BROKER_CLOSED: {
    retryable: false,
    grpc: 'UNAVAILABLE',
    http: 503,
    meaning: 'The broker is closed or not open yet. No event was accepted.',
  },
  VIGILANT_BROKER_FULL: {
    retryable: true,
    grpc: 'RESOURCE_EXHAUSTED',
    http: 429,
    meaning: 'The broker is full. No event was accepted. Try again after a pause.',
  },
  VIGILANT_BROKER_UNAVAILABLE: {
    retryable: true,
    grpc: 'UNAVAILABLE',
    http: 503,
    meaning:
      'The broker did not confirm the events. The outcome is unknown: send them again with the same ids.',
  },
  VIGILANT_STORE_CLOSED: {
    retryable: false,
    grpc: 'UNAVAILABLE',
    http: 503,
    meaning: 'The store is closed or not open yet.',
  },
  VIGILANT_STORE_FULL: {
    retryable: true,
    grpc: 'RESOURCE_EXHAUSTED',
    http: 507,
    meaning: 'The store or its disk is full. Stored events remain readable.',
  },
  VIGILANT_STORE_UNAVAILABLE: {
    retryable: true,
    grpc: 'UNAVAILABLE',
    http: 503,
    meaning: 'The store failed or did not respond. A rejected batch may still be stored.',
  },
  VIGILANT_SCHEMA_UNSUPPORTED: {
    retryable: false,
    grpc: 'FAILED_PRECONDITION',
    http: 500,
    meaning: 'The data was written by another version or another application. Nothing was changed.',
  },
  VIGILANT_DRIVER_MISSING: {
    retryable: false,
    grpc: 'FAILED_PRECONDITION',
    http: 500,
    meaning: 'A native driver is not installed or cannot be loaded. The error states the remedy.',
  },
  VIGILANT_WATCH_OVERFLOW: {
    retryable: true,
    grpc: 'RESOURCE_EXHAUSTED',
    http: 503,
    meaning: 'The watcher fell too far behind. Watch again and read the missed events from the store.',
  },
  VIGILANT_ADDRESS_IN_USE: {
    retryable: false,
    grpc: 'FAILED_PRECONDITION',
    http: 500,
    meaning: 'Another process is listening on the address.',
  },
  VIGILANT_INTERNAL: {
    retryable: true,
    grpc: 'INTERNAL',
    http: 500,
    meaning: 'An unexpected failure, usually a bug in Vigilant or in a callback. The cause is attached.',
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** Properties of an error code. */
export interface ErrorCodeEntry {
  /** Default of `VigilantError.retryable`. */
  readonly retryable: boolean;
  /** Canonical gRPC status name. */
  readonly grpc: string;
  /** HTTP status code. */
  readonly http: number;
  /** Human-readable description and remedy. */
  readonly meaning: string;
}

/** Code of a `VigilantError`. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** A rule that an input violates. */
export interface Violation {
  /** Path of the field, such as `tags[2]` or `data`; in a batch, `events[3].level`. */
  readonly field: string;
  /** Stable, machine-readable code, such as `too_long`. */
  readonly code: string;
  /** Human-readable description, with the remedy if there is one. */
  readonly reason: string;
  /** The limit that was exceeded, if there is one. */
  readonly limit?: number | string;
}

/** Options of a `VigilantError`. */
export interface VigilantErrorOptions {
  /** @defaultValue `retryable` of the code in `ERROR_CODES` */
  readonly retryable?: boolean;
  readonly cause?: unknown;
  readonly violations?: readonly Violation[];
  /** Recommended pause before a retry, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Position of the fault in the text of a filter, in UTF-16 code units. */
  readonly position?: number;
}

/** Recommended pause before a retry when a broker is full, in milliseconds. */
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
  /** Whether the same operation may succeed later. */
  readonly retryable: boolean;
  /** Violations of an invalid input; otherwise empty. */
  readonly violations: readonly Violation[];
  /** Recommended pause before a retry, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Position of the fault in the text of a filter, in UTF-16 code units. */
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

/** Returns whether a value is a `VigilantError`, including one created by another copy of this package. */
export function isVigilantError(value: unknown): value is VigilantError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/**
 * Wraps a thrown value in a `VigilantError` and keeps it as `cause`. Returns a `VigilantError` unchanged.
 *
 * @param what - Start of the message, such as `The file could not be opened`.
 */
export function toVigilantError(error: unknown, code: ErrorCode, what: string): VigilantError {
  if (isVigilantError(error)) return error;
  return new VigilantError(code, `${what}: ${reasonOf(error)}`, { cause: error });
}

/**
 * Creates the error of a call that a read-only store rejects.
 *
 * @param call - The rejected call, such as `append()`.
 */
export function readOnlyError(call: string): VigilantError {
  return new VigilantError(
    'VIGILANT_READ_ONLY',
    `The store is open read-only, so ${call} was rejected and nothing was changed. ` +
      'Use the server that writes this store, or open the store for writing.',
  );
}

/** Returns the message of a thrown value. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
