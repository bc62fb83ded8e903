import type { DiagnosticSink, Vigilant } from '@vigilant/core';
import type { Connections, Listener } from '@vigilant/core/adapter';
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
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { GuardRules } from '../handler/guard';
import type { HttpHandler } from '../handler/handler';
import { GRACE_MS, createGuardedHandler } from '../handler/handler';
import type { HttpHandlerOptions, ResolvedHttpHandlerOptions } from '../handler/handler-options';
import { HANDLER_OPTIONS, resolveHandlerOptions } from '../handler/handler-options';
import { createNodeListener } from './node-listener';

/** Options of `serveHttp`. */
export interface ServeHttpOptions extends Omit<HttpHandlerOptions, 'authorize'> {
  /** Address of this machine to listen on, or `localhost`. @defaultValue `'127.0.0.1'` */
  readonly host?: string;
  /** 0 selects a free port. @defaultValue 50052 */
  readonly port?: number;
  /** Path of a Unix socket that only this user may open. Replaces `host` and `port`. */
  readonly socketPath?: string;
  /** As in `createHttpHandler`. @defaultValue `'none'` on loopback and on a Unix socket; otherwise required */
  readonly authorize?: HttpHandlerOptions['authorize'];
  /** Allows a `host` that other machines can reach, and proxies, without `authorize`. @defaultValue false */
  readonly allowUnauthenticated?: boolean;
}

/** Names of the options of `serveHttp`. */
export const SERVER_OPTIONS = ['host', 'port', 'socketPath', 'allowUnauthenticated', ...HANDLER_OPTIONS];

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
  const isLocal = endpoint.socketPath === undefined && isLoopback(endpoint.host);
  const rules = rulesFor(resolved, {
    host: endpoint.host,
    isLocal,
    allowUnauthenticated,
    isSocket: endpoint.socketPath !== undefined,
  });
  const handler = createGuardedHandler(vigilant, resolved, rules);
  const report = guardDiagnostics(resolved.onDiagnostic, () => resolved.clock.monotonic());
  const connections = createConnections(resolved.clock);
  const servers: Server[] = [];
  const listener = await listen(endpoint, {
    owner: 'serveHttp',
    createServer() {
      const server = createServer({ noDelay: true }, createNodeListener(handler));
      server.on('connection', (socket: Socket) => connections.add(socket));
      servers.push(server);
      return server;
    },
    onError: (error) => reportAcceptError(report, error),
  });
  return new ListeningServer({ servers, listener, connections, handler, basePath: resolved.basePath });
}

function reportAcceptError(report: DiagnosticSink, error: Error): void {
  const message = `A connection could not be accepted: ${error.message}`;
  report({ level: 'warn', component: 'http-server', code: 'accept-failed', message, error });
}

/** Returns the rules of a server. Without a list of hosts it accepts its own host, loopback names and, if other machines can reach it, addresses. */
function rulesFor(
  { authorize, allowedHosts, allowedOrigins }: ResolvedHttpHandlerOptions,
  where: { host: string; isLocal: boolean; isSocket: boolean; allowUnauthenticated: boolean },
): GuardRules {
  const isEverything = where.isSocket && allowedHosts === undefined;
  return {
    allowedOrigins,
    allowedHosts: isEverything ? undefined : [...(allowedHosts ?? []), where.host.toLowerCase()],
    allowsAddresses: !where.isLocal,
    rejectsForwarded: where.isLocal && authorize === 'none' && !where.allowUnauthenticated,
  };
}

/** Parts of a running server. */
interface ServerParts {
  readonly servers: readonly Server[];
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
    const { listener, connections, handler, servers } = this.#parts;
    const closed = listener.close();
    const handled = handler.close({ graceMs }).then(() => {
      for (const server of servers) server.closeIdleConnections();
    });
    await connections.close(graceMs, closed);
    await handled;
  }
}
