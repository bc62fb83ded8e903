/** The properties of a driver error that this package reads. */
export interface DriverError {
  readonly code: string;
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
  deadlock: 1213,
  lockWaitTimeout: 1205,
  noSuchTable: 1146,
  statementBinlog: 1665,
  /** A subquery returned more than one row. */
  subqueryRows: 1242,
} as const;

/** A value does not fit its column, or has a wrong type or wrong characters. */
export const REJECTED_ERRNO: ReadonlySet<number> = new Set([1366, 1406, 1264, 1300, 3854]);

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

/** Shutdown in progress, connection killed or aborted, read timeout, packet too large, idle for too long. */
const LOST_ERRNO: ReadonlySet<number> = new Set([
  1053, 1152, 1153, 1158, 1159, 1160, 1161, 1184, 1927, 3169, 4031,
]);

/**
 * The server does not accept writes: read_only, a read-only transaction, read-only mode, read-only InnoDB, offline mode, a Galera
 * node without quorum, a member of a replication group that rejects writes.
 */
const READ_ONLY_ERRNO: ReadonlySet<number> = new Set([1290, 1792, 1836, 1874, 3032, 1047, 3098, 3100]);

/** Errors whose message quotes the statement: duplicate entry, syntax, rejected values. */
const QUOTING_ERRNO: ReadonlySet<number> = new Set([1062, 1064, ...REJECTED_ERRNO]);

/** Returns the number of a server error; `undefined` for other errors. */
export function errnoOf(error: unknown): number | undefined {
  const errno = (error as Partial<DriverError> | undefined)?.errno;
  return typeof errno === 'number' && errno > 0 ? errno : undefined;
}

/** Returns whether the connection was lost. The statement may have been executed. */
export function isLost(error: unknown): boolean {
  const errno = errnoOf(error);
  if (errno !== undefined) return LOST_ERRNO.has(errno);
  const { code, fatal } = error as Partial<DriverError>;
  return fatal === true || (code !== undefined && LOST.has(code));
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

/** Creates the error of a connection that was lost. */
export function connectionLost(): Error {
  const error: Error & DriverError = Object.assign(new Error('The connection was lost.'), {
    code: 'PROTOCOL_CONNECTION_LOST',
    fatal: true,
  });
  return error;
}

/** Removes possible event content from an error of the driver, in place. */
export function withoutContent(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const driver = error as Error & { sql?: string; sqlMessage?: string; code?: string };
  delete driver.sql;
  if (!QUOTING_ERRNO.has(errnoOf(error) ?? 0)) return error;
  delete driver.sqlMessage;
  driver.message = `The server returned ${driver.code}.`;
  // Its first line is the message.
  delete driver.stack;
  return error;
}
