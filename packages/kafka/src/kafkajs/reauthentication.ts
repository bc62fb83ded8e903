import Connection from 'kafkajs/src/network/connection.js';

/** The members of a kafkajs connection that `reauthenticateInTime` uses. */
export interface AuthenticatedConnection {
  /** Duration of the session in milliseconds, as a number of 64 bits; 0 if it does not end. */
  readonly sessionLifetime: { toString(): string };
  /** Time before the end of the session at which the connection authenticates again, in milliseconds. */
  reauthenticationThreshold: number;
  isAuthenticated(): boolean;
}

const MAX_THRESHOLD_MS = 10_000;

/** Share of the session that remains when the connection authenticates again. */
const REMAINING_SHARE = 0.15;

const patched = new WeakSet<AuthenticatedConnection>();

/**
 * Patches kafkajs 2.2.4 to use most of a session before it authenticates again.
 *
 * Without the patch, kafkajs does so 10 s before the end. In a shorter session it authenticates before each request, and Kafka
 * rejects an authentication within a second of the previous one.
 */
export function reauthenticateInTime(connection: AuthenticatedConnection = Connection.prototype): void {
  if (patched.has(connection)) return;
  patched.add(connection);
  const { isAuthenticated } = connection;
  connection.isAuthenticated = function (this: AuthenticatedConnection) {
    const lifetimeMs = Number(this.sessionLifetime.toString());
    this.reauthenticationThreshold = Math.min(MAX_THRESHOLD_MS, lifetimeMs * REMAINING_SHARE);
    return isAuthenticated.call(this);
  };
}
