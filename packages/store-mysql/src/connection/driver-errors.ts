import type { FaultKind } from './server-faults';
import { kindOf } from './server-faults';

/** The properties of a driver error that this package reads. */
export interface DriverError {
  /** Name of the error; absent for errors of the server that the driver does not know. */
  readonly code?: string;
  /** Number of the server's error; absent for errors of the driver itself. */
  readonly errno?: number;
  /** The server's message. */
  readonly sqlMessage?: string;
  /** Whether the connection can no longer be used. */
  readonly fatal?: boolean;
}

/** Numbers of the server errors that callers handle. */
export const ERRNO = {
  unknownDatabase: 1049,
  noSuchTable: 1146,
  /** A column cannot be NULL. */
  nullColumn: 1048,
} as const;

const LOST: ReadonlySet<string> = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'PROTOCOL_PACKETS_OUT_OF_ORDER',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ECONNABORTED',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/** Kinds of errors whose message names accounts, tables, columns and files, but no values. */
const READABLE: ReadonlySet<FaultKind | undefined> = new Set(['access', 'schema', 'disk-full', 'storage']);

/** Numbers from which on MariaDB and MySQL use the same numbers for different errors. The driver has the names of MySQL. */
const FIRST_AMBIGUOUS_ERRNO = 4000;

/** Returns the number of a server error; `undefined` for other errors. */
export function errnoOf(error: unknown): number | undefined {
  const errno = (error as Partial<DriverError> | undefined)?.errno;
  return typeof errno === 'number' && errno > 0 ? errno : undefined;
}

/** Returns the kind of a server error; `undefined` for other errors. */
export function faultOf(error: unknown): FaultKind | undefined {
  const errno = errnoOf(error);
  return errno === undefined ? undefined : kindOf(errno, (error as DriverError).sqlMessage);
}

/** Returns the name and number of a server error, such as `ER_LOCK_DEADLOCK, 1213`. */
export function nameOf({ code }: DriverError, errno: number): string {
  return code === undefined || errno >= FIRST_AMBIGUOUS_ERRNO ? `error ${errno}` : `${code}, ${errno}`;
}

/** Returns whether the connection was lost. The statement may have been executed. */
export function isLost(error: unknown): boolean {
  if (errnoOf(error) !== undefined) return faultOf(error) === 'lost';
  const { code, fatal } = error as DriverError;
  return fatal === true || (code !== undefined && LOST.has(code));
}

/** Returns whether a server does not accept writes, such as the old primary after a switchover. */
export function isReadOnly(error: unknown): boolean {
  return faultOf(error) === 'read-only';
}

/** Returns whether a transaction failed because of another one. It can be retried. */
export function isContention(error: unknown): boolean {
  return faultOf(error) === 'contention';
}

/** Creates the error of a connection that was lost. */
export function connectionLost(): Error {
  const error: Error & DriverError = Object.assign(new Error('The connection was lost.'), {
    code: 'PROTOCOL_CONNECTION_LOST',
    fatal: true,
  });
  return error;
}

/**
 * Removes possible event content from an error of the driver, in place: the statement, and the message of the server, which quotes
 * values and parts of the statement.
 */
export function withoutContent(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const driver = error as Error & { -readonly [K in keyof DriverError]: DriverError[K] } & { sql?: string };
  delete driver.sql;
  const errno = errnoOf(error);
  const kind = faultOf(error);
  if (errno === undefined || READABLE.has(kind)) return error;
  delete driver.sqlMessage;
  driver.message = `The server returned ${nameOf(driver, errno)}.`;
  // Its first line is the message.
  delete driver.stack;
  return error;
}
