import type { DiagnosticSink, Vigilant } from '@vigilant/core';
import { ERROR_CODES, VigilantError, isVigilantError, systemClock } from '@vigilant/core';
import type { Connections, Listener } from '@vigilant/core/adapter';
import {
  checkEngine,
  checkIntegerOption,
  checkOptionKeys,
  createConnections,
  guardDiagnostics,
  listen,
  reasonOf,
  yieldToEventLoop,
} from '@vigilant/core/adapter';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { createServer } from 'node:net';
import { CHANNEL_OPTIONS } from '../transport/channel-options';
import { createAdminService } from './admin-service';
import type { CallContext } from './call';
import { createEventService } from './event-service';
import type { Health } from './health';
import { createHealth } from './health';
import { createLoggerService } from './logger-service';
import { REFLECTION_SERVICES, createReflection } from './reflection';
import { boundRequests } from './request-memory';
import { sendAhead } from './send-ahead';
import type { ServeGrpcOptions } from './server-options';
import { resolveServeGrpcOptions } from './server-options';
import type { ImplementedService } from './service';

/** How long `close` waits for running calls by default, in milliseconds. */
const GRACE_MS = 10_000;

/** A running gRPC server. */
export interface GrpcServer {
  /** Address in the form that clients accept: `127.0.0.1:50051`, or `unix:/path`. */
  readonly address: string;
  /** 0 on a Unix socket. */
  readonly port: number;
  /**
   * Reports NOT_SERVING, ends tails with UNAVAILABLE, accepts no further calls, waits up to `graceMs` (10 s) for running
   * calls and then destroys all connections. Idempotent. The engine stays open.
   *
   * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` only.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/**
 * Serves an engine over gRPC: `vigilant.v1.EventService` and `AdminService`, the predecessor's `logger.LogService`, health
 * and reflection.
 *
 * @example
 * const server = await serveGrpc(vigilant, { port: 50051 });
 * await server.close();
 *
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`, `VIGILANT_ADDRESS_IN_USE`
 */
export async function serveGrpc(vigilant: Vigilant, options: ServeGrpcOptions = {}): Promise<GrpcServer> {
  checkEngine('serveGrpc()', vigilant);
  const resolved = resolveServeGrpcOptions(options);
  const report = guardDiagnostics(resolved.onDiagnostic, () => systemClock.monotonic());
  const context = createContext(report);
  const { services, health } = createServices(vigilant, context);
  const server = createGrpcServer(services, resolved.maxConcurrentStreams);
  const connections = createConnections(systemClock);
  // Connections are accepted here, because grpc-js does not destroy those that their peers keep open.
  const { injectConnection } = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = await listen(resolved, {
    owner: 'serveGrpc',
    createServer: () =>
      createServer({ noDelay: true }, (socket) => {
        connections.add(socket);
        injectConnection(socket);
      }),
    onError(error) {
      const message = `A connection could not be accepted: ${error.message}`;
      report({ level: 'warn', component: 'grpc-server', code: 'accept-failed', message, error });
    },
  }).catch((error: unknown) => {
    server.forceShutdown();
    throw error;
  });
  return new ListeningServer({ server, listener, connections, health, context });
}

/** Parts of a running server. */
interface ServerParts {
  readonly server: Server;
  readonly listener: Listener;
  readonly connections: Connections;
  readonly health: Health;
  readonly context: CallContext;
}

class ListeningServer implements GrpcServer {
  readonly address: string;
  readonly port: number;
  readonly #parts: ServerParts;
  #closing: Promise<void> | undefined;

  constructor(parts: ServerParts) {
    this.address = parts.listener.address;
    this.port = parts.listener.port;
    this.#parts = parts;
  }

  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    checkOptionKeys('GrpcServer.close()', options, ['graceMs']);
    const { graceMs = GRACE_MS } = options;
    this.#closing ??= this.#close(checkIntegerOption('GrpcServer.close.graceMs', graceMs, 0, 600_000));
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    const { server, listener, connections, health, context } = this.#parts;
    health.stopServing();
    const closed = listener.close();
    server.tryShutdown(() => {});
    // Clients that watch the health receive the change before their stream ends.
    await yieldToEventLoop();
    const stopping = new VigilantError('VIGILANT_CLOSED', 'The server is stopping. Connect to another one.', {
      retryable: true,
    });
    for (const stream of [...context.streams]) stream.end(stopping);
    await connections.close(graceMs, closed);
  }
}

function createContext(report: DiagnosticSink): CallContext {
  return {
    streams: new Set(),
    onFailure(path, error) {
      if (isVigilantError(error) && ERROR_CODES[error.code].grpc !== 'INTERNAL') return;
      const message = `${path} failed: ${reasonOf(error)}`;
      report({ level: 'error', component: 'grpc-server', code: 'call-failed', message, error });
    },
  };
}

function createServices(
  vigilant: Vigilant,
  context: CallContext,
): { readonly services: readonly ImplementedService[]; readonly health: Health } {
  const own = [
    createEventService(vigilant, context),
    createAdminService(vigilant, context),
    createLoggerService(vigilant, context),
  ];
  const names = own.map(({ name }) => name);
  const health = createHealth(names, context);
  const listed = [...names, health.service.name, ...REFLECTION_SERVICES];
  return { services: [...own, health.service, ...createReflection(listed, context)], health };
}

function createGrpcServer(services: readonly ImplementedService[], maxConcurrentStreams: number): Server {
  const server = new Server({
    ...CHANNEL_OPTIONS,
    'grpc.max_concurrent_streams': maxConcurrentStreams,
    interceptors: [boundRequests(), sendAhead],
  });
  for (const { definition, implementation } of services) server.addService(definition, implementation);
  return server;
}
