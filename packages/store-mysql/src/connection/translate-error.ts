import { VigilantError, isVigilantError } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';
import type { DriverError } from './driver-errors';
import { ERRNO, REJECTED_ERRNO, errnoOf, isReadOnly } from './driver-errors';

const FULL_ERRNO: ReadonlySet<number> = new Set([1021, 1114, 1041, 1037, 3, 28]);
const ACCESS_ERRNO: ReadonlySet<number> = new Set([
  1044, 1045, 1142, 1143, 1227, 1370, 1698, 1820, 3118, 4151,
]);
const TIMEOUT_ERRNO: ReadonlySet<number> = new Set([1969, 3024, 1317]);
const CONNECTION_LIMIT_ERRNO: ReadonlySet<number> = new Set([1040, 1203, 1226]);
/** Unknown column, table or index. The server's message names nothing else. */
const SCHEMA_ERRNO: ReadonlySet<number> = new Set([1054, 1146, 1176]);

/**
 * Translates an error of the driver into a `VigilantError`.
 *
 * @param place - Names the server.
 * @param isAppend - Only an append can fail because of the content of an event.
 */
export function translateError(error: unknown, place: string, isAppend = false): VigilantError {
  if (isVigilantError(error)) return error;
  const { code } = error as Partial<DriverError>;
  if (typeof code !== 'string')
    return new VigilantError('VIGILANT_INTERNAL', reasonOf(error), { cause: error });
  const errno = errnoOf(error);
  if (errno === undefined) {
    const reason = error instanceof Error && error.message !== '' ? error.message : code;
    return unavailable(
      error,
      `The connection to ${place} failed (${code}): ${reason}. Check that the server is running and that the address is correct.`,
    );
  }
  if (FULL_ERRNO.has(errno))
    return new VigilantError(
      'VIGILANT_STORE_FULL',
      `The disk of ${place} is full (${code}). Free disk space.`,
      {
        cause: error,
      },
    );
  // The server's message may quote the event.
  if (isAppend && REJECTED_ERRNO.has(errno))
    return new VigilantError(
      'VIGILANT_EVENT_REJECTED',
      `A value of an event does not fit its column (${code}).`,
      { cause: error },
    );
  return unavailable(error, describe(error as DriverError, errno, place), !ACCESS_ERRNO.has(errno));
}

/** Describes a fault of the server, with the remedy. */
function describe(error: DriverError, errno: number, place: string): string {
  const { code, sqlMessage } = error;
  if (SCHEMA_ERRNO.has(errno))
    return `The tables at ${place} do not have the expected schema (${code}): ${sqlMessage}.`;
  if (ACCESS_ERRNO.has(errno))
    return `${place} rejects the account (${code}): ${sqlMessage}. Check user, password and grants.`;
  if (isReadOnly(error))
    return `${place} is read-only (${code}). Set the address of a server that accepts writes.`;
  if (errno === ERRNO.statementBinlog)
    return (
      `${place} has binlog_format=STATEMENT, under which it rejects transactions at READ COMMITTED (${code}). ` +
      'Set binlog_format to ROW or MIXED.'
    );
  if (TIMEOUT_ERRNO.has(errno))
    return `${place} cancelled a statement (${code}). If it exceeded its time limit, raise statementTimeoutMs.`;
  if (CONNECTION_LIMIT_ERRNO.has(errno))
    return `${place} has reached its connection limit (${code}). Raise max_connections, or lower maxConnections.`;
  // The server's message may quote the statement.
  return `${place} returned ${code} (${errno}).`;
}

/** Creates the error of a store that is not open. */
export function storeClosed(): VigilantError {
  return new VigilantError('VIGILANT_STORE_CLOSED', 'The MySQL store is not open. Call open() first.');
}

function unavailable(cause: unknown, message: string, retryable = true): VigilantError {
  return new VigilantError('VIGILANT_STORE_UNAVAILABLE', message, { cause, retryable });
}
