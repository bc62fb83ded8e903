import type { DiagnosticSink } from '@vigilant/core';
import { isLoopback } from '../loopback';
import { checkInteger, checkKeys, invalidOption } from '../options';

/** Options of `serveGrpc`. */
export interface ServeGrpcOptions {
  /** An address of this machine, or `localhost`. @defaultValue `'127.0.0.1'` */
  readonly host?: string;
  /** 0 takes a free one. @defaultValue 50051 */
  readonly port?: number;
  /** Listens on a Unix socket instead, which only this user may open. */
  readonly socketPath?: string;
  /** Allows a `host` that other machines can reach. There is no authentication: whoever reaches it may log and read. @defaultValue false */
  readonly allowUnauthenticated?: boolean;
  /** Maximum number of calls at once on one connection, tails included. Further calls wait in the client. @defaultValue 250 */
  readonly maxConcurrentStreams?: number;
  /** @defaultValue nothing is reported */
  readonly onDiagnostic?: DiagnosticSink;
}

/** Options of `serveGrpc` with nothing left open. */
export interface ResolvedServeGrpcOptions {
  readonly host: string;
  readonly port: number;
  readonly socketPath: string | undefined;
  readonly maxConcurrentStreams: number;
  readonly onDiagnostic: DiagnosticSink;
}

const KEYS = ['host', 'port', 'socketPath', 'allowUnauthenticated', 'maxConcurrentStreams', 'onDiagnostic'];

/** @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveServeGrpcOptions(options: ServeGrpcOptions): ResolvedServeGrpcOptions {
  checkKeys('serveGrpc', options, KEYS);
  const { host = '127.0.0.1', port = 50_051, socketPath, maxConcurrentStreams = 250 } = options;
  if (socketPath !== undefined && (options.host !== undefined || options.port !== undefined))
    throw invalidOption('serveGrpc.socketPath', 'takes the place of host and port; give one or the other');
  if (socketPath === undefined && !isLoopback(host) && options.allowUnauthenticated !== true)
    throw invalidOption(
      'serveGrpc.host',
      `"${host}" can be reached by other machines and there is no authentication; listen on 127.0.0.1, or set allowUnauthenticated`,
    );
  return Object.freeze({
    host,
    port: checkInteger('serveGrpc.port', port, 0, 65_535),
    socketPath,
    maxConcurrentStreams: checkInteger('serveGrpc.maxConcurrentStreams', maxConcurrentStreams, 1, 1_000_000),
    onDiagnostic: options.onDiagnostic ?? (() => {}),
  });
}
