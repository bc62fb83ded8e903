import type { DiagnosticSink } from '@vigilant/core';
import type { Endpoint } from '@vigilant/core/adapter';
import {
  checkBooleanOption,
  checkFunctionOption,
  checkIntegerOption,
  checkOptionKeys,
  resolveEndpoint,
} from '@vigilant/core/adapter';

/** Options of `serveGrpc`. */
export interface ServeGrpcOptions {
  /** Address of this machine to listen on, or `localhost`. @defaultValue `'127.0.0.1'` */
  readonly host?: string | undefined;
  /** 0 selects a free port. @defaultValue 50051 */
  readonly port?: number | undefined;
  /** Path of a Unix socket that only this user may open. Replaces `host` and `port`. */
  readonly socketPath?: string | undefined;
  /**
   * Allows a `host` that other machines can reach. Clients are not authenticated: every client may log, read and administer.
   *
   * @defaultValue false
   */
  readonly allowUnauthenticated?: boolean | undefined;
  /** Maximum number of concurrent calls on one connection, tails included. Further calls wait in the client. @defaultValue 250 */
  readonly maxConcurrentStreams?: number | undefined;
  /** Receives diagnostics. @defaultValue the first warning or error of each kind becomes a warning of the process */
  readonly onDiagnostic?: DiagnosticSink | undefined;
}

/** Options of `serveGrpc` with all defaults applied. */
export interface ResolvedServeGrpcOptions extends Endpoint {
  readonly maxConcurrentStreams: number;
  readonly onDiagnostic: DiagnosticSink | undefined;
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
  const { allowUnauthenticated = false, maxConcurrentStreams = 250, onDiagnostic } = options;
  checkBooleanOption('serveGrpc.allowUnauthenticated', allowUnauthenticated);
  if (onDiagnostic !== undefined) checkFunctionOption('serveGrpc.onDiagnostic', onDiagnostic);
  const endpoint = resolveEndpoint(options, {
    owner: 'serveGrpc',
    defaultPort: 50_051,
    mayBeReached: allowUnauthenticated,
    remedy: 'set allowUnauthenticated',
  });
  return Object.freeze({
    ...endpoint,
    maxConcurrentStreams: checkIntegerOption(
      'serveGrpc.maxConcurrentStreams',
      maxConcurrentStreams,
      1,
      1_000_000,
    ),
    onDiagnostic,
  });
}
