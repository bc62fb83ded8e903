import type { DiagnosticSink } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import {
  checkBooleanOption,
  checkFunctionOption,
  checkIntegerOption,
  checkOptionKeys,
  checkTextOption,
  invalidOption,
} from '@vigilant/core/adapter';
import { isLoopback } from '../transport/address';

/** Options of `serveGrpc`. */
export interface ServeGrpcOptions {
  /** Address of this machine to listen on, or `localhost`. @defaultValue `'127.0.0.1'` */
  readonly host?: string;
  /** 0 selects a free port. @defaultValue 50051 */
  readonly port?: number;
  /** Path of a Unix socket that only this user may open. Replaces `host` and `port`. */
  readonly socketPath?: string;
  /**
   * Allows a `host` that other machines can reach. There is no authentication: every client may log, read and administer.
   *
   * @defaultValue false
   */
  readonly allowUnauthenticated?: boolean;
  /** Maximum number of concurrent calls on one connection, tails included. Further calls wait in the client. @defaultValue 250 */
  readonly maxConcurrentStreams?: number;
  /** Receives diagnostics. @defaultValue they are discarded */
  readonly onDiagnostic?: DiagnosticSink;
}

/** Options of `serveGrpc` with all defaults applied. */
export interface ResolvedServeGrpcOptions {
  readonly host: string;
  readonly port: number;
  readonly socketPath: string | undefined;
  readonly maxConcurrentStreams: number;
  readonly onDiagnostic: DiagnosticSink;
}

/** Names of the options of `serveGrpc`. */
export const SERVER_OPTIONS = [
  'host',
  'port',
  'socketPath',
  'allowUnauthenticated',
  'maxConcurrentStreams',
  'onDiagnostic',
];

/** Checks the options of a server and fills in the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveServeGrpcOptions(options: ServeGrpcOptions): ResolvedServeGrpcOptions {
  checkOptionKeys('serveGrpc()', options, SERVER_OPTIONS);
  const { socketPath, allowUnauthenticated = false, maxConcurrentStreams = 250 } = options;
  const { host = '127.0.0.1', port = 50_051, onDiagnostic = () => {} } = options;
  checkBooleanOption('serveGrpc.allowUnauthenticated', allowUnauthenticated);
  checkFunctionOption('serveGrpc.onDiagnostic', onDiagnostic);
  if (socketPath !== undefined && (options.host !== undefined || options.port !== undefined))
    throw new VigilantError(
      'VIGILANT_OPTIONS_INVALID',
      'serveGrpc.socketPath replaces host and port. Set one or the other.',
    );
  checkTextOption('serveGrpc.host', host);
  if (socketPath === undefined && !isLoopback(host) && !allowUnauthenticated)
    throw new VigilantError(
      'VIGILANT_OPTIONS_INVALID',
      `serveGrpc.host: other machines can reach "${host}", and there is no authentication. Listen on 127.0.0.1, or set allowUnauthenticated.`,
    );
  return Object.freeze({
    host,
    port: checkIntegerOption('serveGrpc.port', port, 0, 65_535),
    socketPath: socketPath === undefined ? undefined : checkSocketPath(socketPath),
    maxConcurrentStreams: checkIntegerOption(
      'serveGrpc.maxConcurrentStreams',
      maxConcurrentStreams,
      1,
      1_000_000,
    ),
    onDiagnostic,
  });
}

/** Longest path of a socket, in bytes. A longer one would be cut. Linux has 108 bytes for it, other systems have 104. */
const MAX_SOCKET_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

function checkSocketPath(path: string): string {
  checkTextOption('serveGrpc.socketPath', path, { max: Infinity });
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return path;
  throw invalidOption('serveGrpc.socketPath', `at most ${MAX_SOCKET_PATH_BYTES} bytes long`, path);
}
