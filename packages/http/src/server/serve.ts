import type { DiagnosticSink, Vigilant } from '@vigilant/core';
import type { Connections, Endpoint, Listener } from '@vigilant/core/adapter';
import {
  checkBooleanOption,
  checkEngine,
  checkIntegerOption,
  checkOptionKeys,
  createConnections,
  guardDiagnostics,
  isLoopback,
  listen,
  resolveEndpoint,
} from '@vigilant/core/adapter';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import type { GuardRules } from '../handler/guard';
import type { HttpHandler } from '../handler/handler';
import { GRACE_MS, createGuardedHandler } from '../handler/handler';
import type { HttpHandlerOptions, ResolvedHttpHandlerOptions } from '../handler/handler-options';
import { HANDLER_OPTIONS, resolveHandlerOptions } from '../handler/handler-options';
import type { BusySockets } from './busy-sockets';
import { createBusySockets } from './busy-sockets';
import { createNodeListener } from './node-listener';

/** Maximum size of the headers of a request with its target, so that the handler reports a query string that is too long. */
const MAX_HEADER_BYTES = 128 * 1024;

/** Options of `serveHttp`. */
export interface ServeHttpOptions extends Omit<HttpHandlerOptions, 'authorize'> {
  /** Address of this machine to listen on, or `localhost`. @defaultValue `'127.0.0.1'` */
  readonly host?: string | undefined;
  /** 0 selects a free port. @defaultValue 50052 */
  readonly port?: number | undefined;
  /** Path of a Unix socket that only this user may open. Replaces `host` and `port`. */
  readonly socketPath?: string | undefined;
  /**
   * As in `createHttpHandler`.
   *
   * @defaultValue `'none'` on loopback, on a Unix socket and with `allowUnauthenticated`; otherwise required
   */
  readonly authorize?: HttpHandlerOptions['authorize'] | undefined;
  /** Allows a `host` that other machines can reach, and proxies, without `authorize`. @defaultValue false */
  readonly allowUnauthenticated?: boolean | undefined;
}

/** Names of the options of `serveHttp`. */
export const SERVER_OPTIONS = ['host', 'port', 'socketPath', 'allowUnauthenticated', ...HANDLER_OPTIONS];

/** Share of the grace time for running requests. The rest is for the responses of aborted requests. */
const RUNNING_SHARE = 0.9;

/** A running HTTP server. */
export interface HttpServer {
  /** `127.0.0.1:50052`, or `unix:/path`. */
  readonly address: string;
  /** `http://127.0.0.1:50052/` with the base path, or `unix:/path`. */
  readonly url: string;
  /** 0 on a Unix socket. */
  readonly port: number;
  /**
   * Ends tails with a `problem`, accepts no further requests, waits up to `graceMs` (10 s) for running requests and then
   * destroys all connections. Idempotent. The engine stays open.
   *
   * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` only.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/**
 * Serves an engine over HTTP.
 *
 * @example
 * const server = await serveHttp(vigilant, { port: 50052 });
 * await server.close();
 *
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`, `VIGILANT_ADDRESS_IN_USE`
 */
export async function serveHttp(vigilant: Vigilant, options: ServeHttpOptions = {}): Promise<HttpServer> {
  checkEngine('serveHttp()', vigilant);
  checkOptionKeys('serveHttp()', options, SERVER_OPTIONS);
  const { allowUnauthenticated = false, authorize = 'none' } = options;
  checkBooleanOption('serveHttp.allowUnauthenticated', allowUnauthenticated);
  const resolved = resolveHandlerOptions({ ...options, authorize }, 'serveHttp', SERVER_OPTIONS);
  const endpoint = resolveEndpoint(options, {
    owner: 'serveHttp',
    defaultPort: 50_052,
    mayBeReached: allowUnauthenticated || authorize !== 'none',
    remedy: 'set authorize or allowUnauthenticated',
  });
  const rules = rulesFor(resolved, endpoint, allowUnauthenticated);
  const handler = createGuardedHandler(vigilant, resolved, rules);
  const report = guardDiagnostics(resolved.onDiagnostic, () => resolved.clock.monotonic());
  const connections = createConnections(resolved.clock);
  const sockets = createBusySockets();
  const answer = createNodeListener(handler);
  const listener = await listen(endpoint, {
    owner: 'serveHttp',
    createServer() {
      const server = createServer(
        { noDelay: true, maxHeaderSize: MAX_HEADER_BYTES },
        (incoming, outgoing) => {
          sockets.start(incoming, outgoing);
          answer(incoming, outgoing);
        },
      );
      return server.on('connection', (socket: Socket) => {
        connections.add(socket);
        sockets.add(socket);
      });
    },
    onError: (error) => reportAcceptError(report, error),
  });
  return new ListeningServer({ sockets, listener, connections, handler, basePath: resolved.basePath });
}

function reportAcceptError(report: DiagnosticSink, error: Error): void {
  const message = `A connection could not be accepted: ${error.message}`;
  report({ level: 'warn', component: 'http-server', code: 'accept-failed', message, error });
}

/**
 * Returns the rules of a server. It accepts loopback names, its own host and `allowedHosts`; if other machines can reach it, also
 * IP addresses. On a Unix socket, which no web page can reach, it accepts every host unless `allowedHosts` is set.
 */
function rulesFor(
  { authorize, allowedHosts, allowedOrigins }: ResolvedHttpHandlerOptions,
  { host, socketPath }: Endpoint,
  allowUnauthenticated: boolean,
): GuardRules {
  const isSocket = socketPath !== undefined;
  const isLocal = !isSocket && isLoopback(host);
  return {
    allowedOrigins,
    allowedHosts:
      isSocket && allowedHosts === undefined ? undefined : [...(allowedHosts ?? []), host.toLowerCase()],
    allowsAddresses: !isLocal,
    rejectsForwarded: isLocal && authorize === 'none' && !allowUnauthenticated,
  };
}

/** Parts of a running server. */
interface ServerParts {
  readonly sockets: BusySockets;
  readonly listener: Listener;
  readonly connections: Connections;
  readonly handler: HttpHandler;
  readonly basePath: string;
}

class ListeningServer implements HttpServer {
  readonly address: string;
  readonly url: string;
  readonly port: number;
  readonly #parts: ServerParts;
  #closing: Promise<void> | undefined;

  constructor(parts: ServerParts) {
    const { address, port } = parts.listener;
    this.address = address;
    this.port = port;
    this.url = port === 0 ? address : `http://${address}${parts.basePath}`;
    this.#parts = parts;
  }

  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    checkOptionKeys('HttpServer.close()', options, ['graceMs']);
    const { graceMs = GRACE_MS } = options;
    this.#closing ??= this.#close(checkIntegerOption('HttpServer.close.graceMs', graceMs, 0, 600_000));
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    const { listener, connections, handler, sockets } = this.#parts;
    const closed = listener.close();
    const handled = handler.close({ graceMs: Math.floor(graceMs * RUNNING_SHARE) });
    sockets.endIdle();
    await connections.close(graceMs, closed);
    await handled;
  }
}
