import type {
  FilterInput,
  FreshOptions,
  Logger,
  QueryResult,
  StoredEvent,
  TailItem,
  VigilantError,
} from '@vigilant/core';
import {
  createIdGenerator,
  createLogger,
  guardDiagnostics,
  resolveDefaults,
  withTimeout,
} from '@vigilant/core/adapter';
import type { GrpcClientOptions, ResolvedClientOptions } from './client-options';
import { resolveClientOptions } from './client-options';
import type { Connection } from './connection';
import { clientClosed, connect } from './connection';
import type { EventSender } from './event-sender';
import { createEventSender } from './event-sender';
import type { ClientQueryOptions } from './query';
import { get, query } from './query';
import type { ClientTailOptions } from './tail';
import { tail } from './tail';

/** Logs events to a server, queries it and follows its events. */
export interface GrpcClient extends Logger {
  /** Finds a page of events; its `nextCursor` leads to the next. The server limits a page to 3 MiB. */
  query(filter?: FilterInput, options?: ClientQueryOptions): Promise<QueryResult>;
  /** Finds one event by its id. */
  get(id: string, options?: Pick<FreshOptions, 'signal'>): Promise<StoredEvent | undefined>;
  /** Follows events, also across restarts of the server. Ends on `break`, its signal or `close`. */
  tail(filter?: FilterInput, options?: ClientTailOptions): AsyncIterableIterator<TailItem>;
  /** Resolves once the server has accepted or rejected all events logged so far. */
  flush(): Promise<void>;
  status(): ClientStatus;
  /**
   * Accepts no further events, waits up to `graceMs` for the server's responses, then ends all calls and tails and closes
   * the connection. Later calls reject with `VIGILANT_CLOSED`. Idempotent; never rejects.
   */
  close(): Promise<ClientCloseResult>;
}

/** Status of a client. */
export interface ClientStatus {
  /** `degraded`: the server does not accept events. They are held and sent again. */
  readonly state: 'ready' | 'degraded' | 'closed';
  /** Number of events that the server has not accepted or rejected yet. */
  readonly heldEvents: number;
  /** Encoded size of the held events. */
  readonly heldBytes: number;
  /** Why the client is degraded. */
  readonly lastError?: VigilantError;
}

/** Result of `close`. */
export interface ClientCloseResult {
  /** Number of events whose outcome is unknown, because the server did not respond in time. */
  readonly unanswered: number;
}

/**
 * Creates a client of a server. It connects at its first use.
 *
 * Events receive their id before the first attempt. They are sent again with the same id while the server cannot be
 * reached, so that a retry never stores a second event. As with the engine, the promises need not be awaited.
 *
 * @example
 * const client = createGrpcClient({ address: '127.0.0.1:50051' });
 * client.info('Order shipped', { order: 42 });
 * await client.close();
 *
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function createGrpcClient(options: GrpcClientOptions): GrpcClient {
  const client = new ConnectedClient(resolveClientOptions(options));
  return {
    ...client.logger,
    query: (filter, queryOptions) => client.query(filter, queryOptions),
    get: (id, getOptions) => client.get(id, getOptions),
    tail: (filter, tailOptions) => client.tail(filter, tailOptions),
    flush: () => client.flush(),
    status: () => client.status(),
    close: () => client.close(),
  };
}

class ConnectedClient {
  readonly logger: Logger;
  readonly #options: ResolvedClientOptions;
  readonly #connection: Connection;
  readonly #sender: EventSender;
  /** Aborted to end the tails. */
  readonly #closed = new AbortController();
  #closing: Promise<ClientCloseResult> | undefined;

  constructor(options: ResolvedClientOptions) {
    const { clock, maxBufferedBytes } = options;
    const diagnostics = guardDiagnostics(options.onDiagnostic, () => clock.monotonic());
    const report = (level: 'warn' | 'error', code: string, message: string, error: VigilantError): void =>
      diagnostics({ level, component: 'grpc-client', code, message, error });
    this.#options = options;
    this.#connection = connect(options);
    this.#sender = createEventSender({
      connection: this.#connection,
      clock,
      maxBufferedBytes,
      onUnavailable(error, held) {
        const message = `${held} events are held until the server accepts them: ${error.message}`;
        report('warn', 'server-unavailable', message, error);
      },
    });
    this.logger = createLogger(
      {
        now: () => clock.now(),
        newId: createIdGenerator(() => clock.now()),
        redact: undefined,
        level: options.level,
        submit: (events) => {
          this.#checkOpen();
          const answer = this.#sender.send(events);
          answer.catch((error: VigilantError) => report('error', 'event-failed', error.message, error));
          return answer;
        },
        onRejected: (error) => report('warn', 'event-refused', error.message, error),
      },
      resolveDefaults(options.defaults),
    );
  }

  async query(filter: FilterInput = '', options: ClientQueryOptions = {}): Promise<QueryResult> {
    this.#checkOpen();
    return query(this.#connection, filter, options);
  }

  async get(id: string, options: Pick<FreshOptions, 'signal'> = {}): Promise<StoredEvent | undefined> {
    this.#checkOpen();
    return get(this.#connection, id, options);
  }

  tail(filter: FilterInput = '', options: ClientTailOptions = {}): AsyncIterableIterator<TailItem> {
    this.#checkOpen();
    return tail(this.#connection, this.#options.clock, this.#closed.signal, filter, options);
  }

  async flush(): Promise<void> {
    this.#checkOpen();
    await this.#sender.flush();
  }

  status(): ClientStatus {
    const { held, failureReason } = this.#sender;
    const state = failureReason === undefined ? 'ready' : 'degraded';
    return {
      state: this.#closing === undefined ? state : 'closed',
      heldEvents: held.events,
      heldBytes: held.bytes,
      ...(failureReason === undefined ? {} : { lastError: failureReason }),
    };
  }

  close(): Promise<ClientCloseResult> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<ClientCloseResult> {
    const { clock, graceMs } = this.#options;
    await withTimeout(this.#sender.flush(), { clock, timeoutMs: graceMs, onTimeout: () => {} });
    const unanswered = this.#sender.held.events;
    this.#closed.abort();
    this.#sender.abandon();
    this.#connection.close();
    return { unanswered };
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw clientClosed();
  }
}
