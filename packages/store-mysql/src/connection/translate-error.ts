import { VigilantError, isVigilantError } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';
import type { DriverError } from './driver-errors';
import { errnoOf, faultOf, nameOf } from './driver-errors';
import type { FaultKind } from './server-faults';

/** Kinds of errors that last until the configuration is changed. */
const LASTING: ReadonlySet<FaultKind | undefined> = new Set(['access', 'tls-required']);

/**
 * Translates an error of the driver into a `VigilantError`.
 *
 * @param place - Names the server.
 * @param isAppend - Only an append can fail because of the content of an event.
 */
export function translateError(error: unknown, place: string, isAppend = false): VigilantError {
  if (isVigilantError(error)) return error;
  const driver = error as DriverError;
  const errno = errnoOf(error);
  if (errno === undefined) return translateDriverError(driver, place);
  const kind = faultOf(error);
  const name = nameOf(driver, errno);
  if (kind === 'disk-full')
    return new VigilantError(
      'VIGILANT_STORE_FULL',
      `The disk of ${place} is full (${name}). Free disk space.`,
      {
        cause: error,
      },
    );
  // The server's message may quote the event.
  if (isAppend && kind === 'rejected-value')
    return new VigilantError(
      'VIGILANT_EVENT_REJECTED',
      `A value of an event does not fit its column (${name}).`,
      { cause: error },
    );
  return unavailable(error, describe(kind, { place, name, text: driver.sqlMessage }), !LASTING.has(kind));
}

/** Translates an error of the driver itself: the connection failed. */
function translateDriverError(error: DriverError, place: string): VigilantError {
  const { code = '', fatal } = error;
  // The error of a statement on a failed connection has no code, but is fatal.
  if (code === '' && fatal !== true)
    return new VigilantError('VIGILANT_INTERNAL', reasonOf(error), { cause: error });
  const reason = error instanceof Error && error.message !== '' ? error.message : code;
  const failure = code === '' ? 'failed' : `failed (${code})`;
  return unavailable(
    error,
    `The connection to ${place} ${failure}: ${withoutPeriod(reason)}. ${connectionRemedy(code)}`,
  );
}

function connectionRemedy(code: string): string {
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT')
    return 'The server does not support TLS. Enable it there, or connect without tls.';
  if (code === 'HANDSHAKE_SSL_ERROR' || /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|.*_CERT)/.test(code))
    return 'Check the certificates in tls, and that the certificate of the server names its address.';
  if (code === 'AUTH_SWITCH_PLUGIN_ERROR' || code === 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED')
    return 'The driver does not support the authentication plugin of the account. Use caching_sha2_password or mysql_native_password.';
  return 'Check that the server is running and that the address is correct.';
}

/** A fault of a server. */
interface Fault {
  readonly place: string;
  /** Name and number of the error. */
  readonly name: string;
  /** The server's message; `undefined` if it may quote an event. */
  readonly text: string | undefined;
}

/** Describes a fault with its remedy. */
function describe(kind: FaultKind | undefined, { place, name, text }: Fault): string {
  switch (kind) {
    case 'schema':
      return `The tables at ${place} do not have the expected schema (${name}): ${text}.`;
    case 'access':
      return `${place} rejects the account (${name}): ${text}. Check user, password and grants, and set tls if the account requires it.`;
    case 'tls-required':
      return `${place} accepts only encrypted connections (${name}). Set tls.`;
    case 'host-blocked':
      return `${place} blocks this host after too many failed connections (${name}). Run FLUSH HOSTS on the server.`;
    case 'read-only':
      return `${place} is read-only (${name}). Set the address of a server that accepts writes.`;
    case 'statement-binlog':
      return (
        `${place} has binlog_format=STATEMENT, under which it rejects transactions at READ COMMITTED (${name}). ` +
        'Set binlog_format to ROW or MIXED.'
      );
    case 'cancelled':
      return `${place} cancelled a statement (${name}). If it exceeded its time limit, raise statementTimeoutMs.`;
    case 'connection-limit':
      return `${place} has reached its connection limit (${name}). Raise max_connections, or lower maxConnections.`;
    case 'contention':
      return `${place} rolled back a transaction because of another one (${name}). Try again.`;
    case 'out-of-memory':
      return `${place} is out of memory (${name}). Give it more memory, or raise its memory limit.`;
    case 'transaction-size':
      return `A transaction is too large for ${place} (${name}). Raise its limit, or lower the size of a batch.`;
    case 'storage':
      return `${place} reports a storage error (${name}): ${text}. Check its disk and its error log.`;
    case 'lost':
      return `The connection to ${place} failed (${name}). Check that the server is running.`;
    default:
      // The server's message may quote the statement.
      return `${place} returned ${name}. Check its error log.`;
  }
}

/** Creates the error of a store that is not open. */
export function storeClosed(): VigilantError {
  return new VigilantError('VIGILANT_STORE_CLOSED', 'The MySQL store is not open. Call open() first.');
}

function unavailable(cause: unknown, message: string, retryable = true): VigilantError {
  return new VigilantError('VIGILANT_STORE_UNAVAILABLE', message, { cause, retryable });
}

function withoutPeriod(text: string): string {
  return text.replace(/\.+$/, '');
}
