import { VigilantError, isVigilantError } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';

/** The properties of a driver error that this package reads. */
interface DriverError {
  readonly code: string;
  /** Number of the server's error; absent for errors of the driver itself. */
  readonly errno?: number;
  /** The server's message. */
  readonly sqlMessage?: string;
}

const LOST = new Set([
  ...['PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT', 'PROTOCOL_PACKETS_OUT_OF_ORDER'],
  ...[
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'ECONNABORTED',
    'ERR_STREAM_DESTROYED',
    'ERR_STREAM_WRITE_AFTER_END',
  ],
]);
/** Shutdown in progress, killed, aborting connection, timed out reading, packet too large, disconnected by idleness. */
const LOST_ERRNO = new Set([1053, 1152, 1153, 1158, 1159, 1160, 1161, 1184, 1927, 3169, 4031]);
const FULL_ERRNO = new Set([1021, 1114, 1041, 1037, 3, 28]);
const REJECTED_ERRNO = new Set([1366, 1406, 1264, 1300, 3854]);
const ACCESS_ERRNO = new Set([1044, 1045, 1142, 1143, 1227, 1370, 1698, 1820, 3118, 4151]);
/**
 * The server does not accept writes: read_only, a read-only transaction, read-only mode, read-only InnoDB, offline mode, a Galera
 * node without quorum, a member of a replication group that rejects writes.
 */
const READ_ONLY_ERRNO = new Set([1290, 1792, 1836, 1874, 3032, 1047, 3098, 3100]);
const TIMEOUT_ERRNO = new Set([1969, 3024, 1317]);
/** Unknown column, table, index: the message names nothing else. */
const SCHEMA_ERRNO = new Set([1054, 1146, 1176]);

/** Numbers of the server's errors that callers act upon. */
export const ERRNO = {
  unknownDatabase: 1049,
  deadlock: 1213,
  lockWaitTimeout: 1205,
  noSuchTable: 1146,
  statementBinlog: 1665,
} as const;

/** Returns the number of a server error; `undefined` for other errors. */
export function errnoOf(error: unknown): number | undefined {
  const errno = (error as Partial<DriverError> | undefined)?.errno;
  return typeof errno === 'number' && errno > 0 ? errno : undefined;
}

/** Errors whose message quotes the statement: duplicate entry, syntax, invalid values. */
const QUOTING_ERRNO = new Set([1062, 1064, ...REJECTED_ERRNO]);

/** Removes possible event content from an error of the driver, in place. */
export function withoutContent(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const driver = error as Error & { sql?: string; sqlMessage?: string; code?: string };
  delete driver.sql;
  if (!QUOTING_ERRNO.has(errnoOf(error) ?? 0)) return error;
  delete driver.sqlMessage;
  driver.message = `The server answered ${driver.code}.`;
  // Its first line is the message.
  delete driver.stack;
  return error;
}

/** Returns whether the connection was lost. The statement may have been executed. */
export function isLost(error: unknown): boolean {
  const { code, fatal } = error as { code?: string; fatal?: boolean };
  const errno = errnoOf(error);
  return errno !== undefined
    ? LOST_ERRNO.has(errno)
    : fatal === true || (code !== undefined && LOST.has(code));
}

/** Returns whether a server does not accept writes, such as the old primary after a switchover. */
export function isReadOnly(error: unknown): boolean {
  return READ_ONLY_ERRNO.has(errnoOf(error) ?? 0);
}

/** Returns whether a transaction failed because of another one. It can be retried. */
export function isContention(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === ERRNO.deadlock || errno === ERRNO.lockWaitTimeout;
}

const SERVER_BEHIND = 'SERVER_BEHIND';

/** Creates the error of a server that lacks events which this process has stored. It counts as a lost connection. */
export function serverBehind(shown: number, stored: number): Error {
  const message =
    `the server has events up to sequence ${shown}, but this process has stored sequence ${stored}. ` +
    'Read from the server that accepts the writes. After restoring an older backup, set a new epoch';
  return Object.assign(new Error(message), { code: SERVER_BEHIND, fatal: true });
}

/** Returns whether an error was created by `serverBehind`. */
export function isBehind(error: unknown): boolean {
  return (error as { code?: unknown }).code === SERVER_BEHIND;
}

/** Translates an error of the driver into a `VigilantError`. Only an append can fail because of the content of an event. */
export function translateError(error: unknown, place: string, isAppend = false): VigilantError {
  if (isVigilantError(error)) return error;
  const { code, sqlMessage } = error as Partial<DriverError>;
  const errno = errnoOf(error);
  const unavailable = (message: string, retryable = true): VigilantError =>
    new VigilantError('VIGILANT_STORE_UNAVAILABLE', message, { cause: error, retryable });
  if (typeof code !== 'string') {
    const reason = reasonOf(error);
    return new VigilantError('VIGILANT_INTERNAL', reason, { cause: error });
  }
  if (errno === undefined) {
    const reason = error instanceof Error && error.message !== '' ? error.message : code;
    return unavailable(
      `The connection to ${place} failed (${code}): ${reason}. Check that the server is running and that the address is correct.`,
    );
  }
  if (FULL_ERRNO.has(errno))
    return new VigilantError('VIGILANT_STORE_FULL', `The disk of ${place} is full (${code}).`, {
      cause: error,
    });
  // The server's message may quote the event.
  if (isAppend && REJECTED_ERRNO.has(errno))
    return new VigilantError(
      'VIGILANT_EVENT_REJECTED',
      `A value of an event does not fit its column (${code}).`,
      {
        cause: error,
      },
    );
  if (SCHEMA_ERRNO.has(errno))
    return unavailable(`The tables at ${place} do not have the expected schema (${code}): ${sqlMessage}.`);
  if (ACCESS_ERRNO.has(errno))
    return unavailable(
      `${place} rejects the account (${code}): ${sqlMessage}. Check user, password and grants.`,
      false,
    );
  if (isReadOnly(error))
    return unavailable(`${place} is read-only (${code}). Set the address of a server that accepts writes.`);
  if (errno === ERRNO.statementBinlog)
    return unavailable(
      `${place} has binlog_format=STATEMENT, under which it rejects transactions at READ COMMITTED (${code}). ` +
        'Set binlog_format to ROW or MIXED.',
    );
  if (TIMEOUT_ERRNO.has(errno))
    return unavailable(
      `${place} cancelled a statement (${code}). If it exceeded its time limit, raise statementTimeoutMs.`,
    );
  if (errno === 1040 || errno === 1203 || errno === 1226)
    return unavailable(
      `${place} has reached its connection limit (${code}). Raise max_connections, or lower maxConnections.`,
    );
  // The server's message may quote the statement.
  return unavailable(`${place} answered ${code} (${errno}).`);
}
