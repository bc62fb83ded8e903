import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'mysql2/promise';
import type { ResolvedMysqlOptions } from './mysql-options';

/** How long a connection may be silent before the operating system sends a keep-alive probe. */
const KEEP_ALIVE_MS = 10_000;

/** Returns the driver's options for reaching a server. */
export function transportOf(options: ResolvedMysqlOptions): ConnectionOptions {
  const { host, port, socketPath, tls } = options;
  const verifyIdentity = tls?.rejectUnauthorized !== false;
  return {
    ...(socketPath === undefined ? { host, port } : { socketPath }),
    ...(tls === undefined ? {} : { ssl: { ...tls, verifyIdentity } as never }),
    ...(tls !== undefined && verifyIdentity && isIP(host) !== 0 && socketPath === undefined
      ? { stream: () => connectTo(host, port) }
      : {}),
    connectTimeout: options.connectTimeoutMs,
    enableKeepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  };
}

/**
 * Connects to an address that a certificate must name. The driver tells TLS names alone; of a socket without a name Node.js
 * looks at `_host`, and without that the certificate would have to name `localhost`.
 */
function connectTo(host: string, port: number): Socket {
  const settings = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
  return Object.assign(connect(settings), { _host: host });
}
