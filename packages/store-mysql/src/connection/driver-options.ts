import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { ConnectionOptions, SslOptions } from 'mysql2';
import type { ResolvedMysqlOptions } from './mysql-options';

/** How long a connection may be silent before the operating system sends a keep-alive probe, in milliseconds. */
const KEEP_ALIVE_MS = 10_000;

/**
 * What a session is for. The statements of a `reader` end after `statementTimeoutMs`; those of a `writer` have no limit. Only a
 * `writer` may send several statements at once.
 */
export type SessionRole = 'reader' | 'writer';

/**
 * Returns the options of the driver for a connection.
 *
 * @param database - Empty to connect without selecting a database.
 */
export function driverOptions(
  options: ResolvedMysqlOptions,
  role: SessionRole,
  database: string,
): ConnectionOptions {
  const { host, port, socketPath, user, password, tls, connectTimeoutMs } = options;
  const driver: ConnectionOptions = {
    user,
    connectTimeout: connectTimeoutMs,
    enableKeepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
    charset: 'UTF8MB4_BIN',
    supportBigNumbers: true,
    bigNumberStrings: true,
    rowsAsArray: true,
    multipleStatements: role === 'writer',
    // Without FOUND_ROWS, only changed rows are counted, which distinguishes new events from duplicates.
    flags: ['-FOUND_ROWS', '-LOCAL_FILES'],
  };
  if (password !== undefined) driver.password = password;
  if (database !== '') driver.database = database;
  if (socketPath === undefined) {
    driver.host = host;
    driver.port = port;
  } else driver.socketPath = socketPath;
  if (tls !== undefined) {
    const verifyIdentity = tls.rejectUnauthorized !== false && tls.verifyIdentity !== false;
    driver.ssl = { ...tls, verifyIdentity } as SslOptions;
    if (verifyIdentity && socketPath === undefined && isIP(host) !== 0)
      driver.stream = () => connectToAddress(host, port);
  }
  return driver;
}

/**
 * Connects to an IP address that the certificate must name.
 *
 * The driver passes only host names to TLS. For a socket without a host name, Node.js compares the certificate with the property
 * `_host` of the socket, and without that property with `localhost`.
 */
function connectToAddress(host: string, port: number): Socket {
  const socket = connect({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });
  return Object.assign(socket, { _host: host });
}
