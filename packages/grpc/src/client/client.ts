import type {
  FilterInput,
  FreshOptions,
  Logger,
  QueryResult,
  StoredEvent,
  TailItem,
  VigilantError,
} from '@vigilant/core';
import { createIdGenerator, createLogger, guardDiagnostics, resolveDefaults } from '@vigilant/core';
import { clientClosed, connect } from './connection';
import type { GrpcClientOptions } from './client-options';
import { resolveClientOptions } from './client-options';
import type { ClientQueryOptions } from './query';
import { get, query } from './query';
import { Sender } from './event-sender';
import type { ClientTailOptions } from './tail';
import { tail } from './tail';

/** Logs to a server, queries it and follows it. */
export interface GrpcClient extends Logger {
  /** Finds a page of events; its `nextCursor` leads to the next. The server cuts a page at 3 MiB. */
  query(filter?: FilterInput, options?: ClientQueryOptions): Promise<QueryResult>;
  /** Finds one event. */
  get(id: string, options?: Pick<FreshOptions, 'signal'>): Promise<StoredEvent | undefined>;
  /** Follows events, over restarts of the server too. Ends by `break`, signal or `close`. */
  tail(filter?: FilterInput, options?: ClientTailOptions): AsyncIterableIterator<TailItem>;
  /** Resolves once the server has answered for everything logged so far. */
  flush(): Promise<void>;
  status(): ClientStatus;
  /** Takes no more, waits up to `graceMs` for answers, ends tails and closes the channel. Idempotent; never rejects. */
  close(): Promise<ClientCloseResult>;
}

/** Where a client stands. */
export interface ClientStatus {
  /** `degraded`: the server does not take events at the moment; they are held and sent again. */
  readonly state: 'ready' | 'degraded' | 'closed';
  /** Events that were not answered yet. */
  readonly heldEvents: number;
  /** Their size as they are sent. */
  readonly heldBytes: number;
  readonly lastError?: VigilantError;
}

/** What `close` did. */
export interface ClientCloseResult {
  /** Events whose outcome is not known, because the server did not answer in time. */
  readonly unanswered: number;
}

/**
 * Creates a client of a server. It connects when it is first used.
 *
 * Events get their id before the first attempt and are sent again with it while the server cannot be reached, so that a
 * retry never makes a second one. Like the engine's, its promises may be ignored.
 *
 * @example
 * const client = createGrpcClient({ address: '127.0.0.1:50051' });
 * client.info('Order shipped', { order: 42 });
 * await client.close();
 *
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function createGrpcClient(options: GrpcClientOptions): GrpcClient {
  const resolved = resolveClientOptions(options);
  const { clock, graceMs, maxBufferedBytes } = resolved;
  const onDiagnostic = guardDiagnostics(resolved.onDiagnostic, () => clock.monotonic());
  const connection = connect(resolved);
  const closed = new AbortController();
  let closing: Promise<ClientCloseResult> | undefined;

  const report = (level: 'warn' | 'error', code: string, message: string, error: VigilantError): void =>
    onDiagnostic({ level, component: 'grpc-client', code, message, error });

  const sender = new Sender({
    ...{ connection, clock, maxBufferedBytes },
    onTrouble: (error, held) =>
      report(
        'warn',
        'server-unavailable',
        `${held} events are held until the server takes them: ${error.message}`,
        error,
      ),
  });

  const checkOpen = (): void => {
    if (closing !== undefined) throw clientClosed();
  };

  const logger = createLogger(
    {
      now: () => clock.now(),
      newId: createIdGenerator(() => clock.now()),
      redact: undefined,
      submit(events) {
        checkOpen();
        const answer = sender.submit(events);
        answer.catch((error: VigilantError) => report('error', 'event-failed', error.message, error));
        return answer;
      },
      onRefused: (error) => report('warn', 'event-refused', error.message, error),
    },
    resolveDefaults(resolved.defaults),
  );

  const close = async (): Promise<ClientCloseResult> => {
    let isLate = false;
    await new Promise<void>((resolve) => {
      const timer = clock.after(
        graceMs,
        () => {
          isLate = true;
          resolve();
        },
        { keepAlive: true },
      );
      void sender.flush().then(() => {
        timer.cancel();
        resolve();
      });
    });
    const unanswered = isLate ? sender.held.events : 0;
    closed.abort();
    sender.giveUp();
    connection.close();
    return { unanswered };
  };

  return {
    ...logger,
    async query(filter = '', queryOptions = {}) {
      checkOpen();
      return query(connection, filter, queryOptions);
    },
    async get(id, getOptions = {}) {
      checkOpen();
      return get(connection, id, getOptions);
    },
    tail(filter = '', tailOptions = {}) {
      checkOpen();
      return tail(connection, clock, closed.signal, filter, tailOptions);
    },
    async flush() {
      checkOpen();
      await sender.flush();
    },
    status() {
      const { trouble } = sender;
      return {
        state: closing !== undefined ? 'closed' : trouble === undefined ? 'ready' : 'degraded',
        heldEvents: sender.held.events,
        heldBytes: sender.held.bytes,
        ...(trouble === undefined ? {} : { lastError: trouble }),
      };
    },
    close: () => (closing ??= close()),
  };
}
