import type {
  AdapterContext,
  BarrierOptions,
  BarrierResult,
  Broker,
  BrokerStatus,
  ConsumeOptions,
  Delivery,
  Event,
  WatchOptions,
} from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import type { EncodedEvents } from '@vigilant/core/adapter';
import { checkContext, encodeAll, reasonOf } from '@vigilant/core/adapter';
import type { BarrierContext } from './barrier';
import { waitForAll } from './barrier';
import { createChangeSignal } from './change-signal';
import { JournalWriter } from './journal-writer';
import { Deliveries } from './deliveries';
import type { JournalClient } from './journal-client';
import { startJournalClient } from './journal-client';
import type { QueuedBatch } from './owner-queue';
import type { TakenBatch } from './owner-queues';
import { OwnerQueues, toRanges } from './owner-queues';
import type { ResolvedSqliteBrokerOptions, SqliteBrokerOptions } from './broker-options';
import { resolveBrokerOptions } from './broker-options';
import { JournalPoller } from './journal-poller';
import { toQueuedBatch } from './read-batch';
import { Watches } from './watches';
import { checkArguments, checkPath } from '../host/check-arguments';
import type {
  CommitRequest,
  CommitResult,
  Observed,
  OpenedJournal,
  ReadRequest,
} from '../journal/journal-protocol';

const WATCH_BYTES = 16 * 1024 * 1024;

/**
 * Creates a durable local broker: a journal in one SQLite file.
 *
 * `publish` resolves once the events are on the disk (fsync). All SQL runs in a worker thread. `open` creates the file with
 * mode 0600, and its folder with mode 0700. Several processes may open it at once. If one dies, another takes over its events.
 *
 * @param path - Path of the file, such as `./data/journal.db`.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function createSqliteBroker(path: string, options?: SqliteBrokerOptions): Broker;
export function createSqliteBroker(
  path: string,
  options: SqliteBrokerOptions = {},
  ...excess: readonly unknown[]
): Broker {
  checkPath('createSqliteBroker()', path, './data/journal.db');
  checkArguments('createSqliteBroker()', ['path', 'options'], excess);
  return createBroker(path, resolveBrokerOptions(options));
}

/** Creates a broker with checked options. */
export function createBroker(path: string, options: ResolvedSqliteBrokerOptions): Broker {
  return new SqliteBroker(path, options);
}

/** The state of an open broker. */
interface Running {
  readonly journal: JournalClient;
  readonly writer: JournalWriter;
  readonly poller: JournalPoller;
  readonly context: AdapterContext;
}

class SqliteBroker implements Broker {
  readonly capabilities = Object.freeze({ durability: 'disk', shared: true } as const);
  readonly #path: string;
  readonly #options: ResolvedSqliteBrokerOptions;
  readonly #queues = new OwnerQueues();
  readonly #watches = new Watches();
  readonly #acknowledgements = createChangeSignal();
  readonly #deliveries = new Deliveries({
    queues: this.#queues,
    read: (request) => this.#read(request),
    acknowledge: (taken) => this.#acknowledge(taken),
    isOpen: () => this.#running !== undefined,
  });
  #running: Running | undefined;
  /** State of a broker that has ended but is not closed yet. */
  #ended: Running | undefined;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  /** Number of pending barriers. */
  #barriers = 0;
  /** How often the journal thread was started. Answers of an earlier thread about pending events may be out of date. */
  #generation = 0;
  #lastProgressAt: number | undefined;
  /** Why the last attempt to write events failed; `undefined` if it succeeded. */
  #writeFailure: string | undefined;
  /** Whether the file was moved, deleted or replaced at the last check. */
  #isFileGone = false;

  constructor(path: string, options: ResolvedSqliteBrokerOptions) {
    this.#path = path;
    this.#options = options;
  }

  async open(context: AdapterContext): Promise<void> {
    checkContext(context);
    this.#closing = undefined;
    this.#opening = this.#start(context);
    await this.#opening;
  }

  async #start(context: AdapterContext): Promise<void> {
    let hasPeers = false;
    this.#generation = 0;
    const journal = await startJournalClient(this.#path, this.#options, context, (opened) => {
      hasPeers = opened.hasPeers;
      this.#begin(opened);
    });
    const writer = new JournalWriter({
      clock: context.clock,
      signal: context.signal,
      capacityBytes: this.#options.maxBytes,
      owner: () => this.#queues.own.owner,
      commit: (request) => this.#commit(journal, request),
      restarted: () => journal.restarted(),
      removed: (removed) => this.#removed(journal, removed),
    });
    const isWatched = (): boolean => !this.#watches.isEmpty;
    // Other processes raise a barrier only for unacknowledged events.
    const isIdle = (): boolean => !isWatched() && this.#queues.pending.events === 0;
    const poller = new JournalPoller(
      { journal, context, isWatched, isIdle, observed: this.#observed },
      hasPeers,
    );
    this.#writeFailure = undefined;
    this.#isFileGone = false;
    this.#running = { journal, writer, poller, context };
    context.signal.addEventListener('abort', this.#end, { once: true });
  }

  async publish(events: readonly Event[]): Promise<void> {
    this.#open();
    await this.publishEncoded(encodeAll(events));
  }

  async publishEncoded(events: EncodedEvents): Promise<void> {
    const { writer } = this.#open();
    if (events.count === 0) return;
    const { number, isKnown } = await writer.publish(events);
    if (!isKnown) this.#queues.own.add({ number, bytes: events.bytes, events });
    this.#running?.poller.wake();
    this.#watches.show(events);
    this.#progress();
    this.#deliveries.wake();
  }

  async *consume(options: ConsumeOptions): AsyncGenerator<Delivery> {
    this.#open();
    yield* this.#deliveries.consume(options);
  }

  async watch({
    signal,
    maxBufferedBytes = WATCH_BYTES,
  }: WatchOptions): Promise<AsyncIterable<readonly Event[]>> {
    // A watch starts with the next event.
    if (this.#watches.isEmpty) await this.#open().poller.skip();
    const { poller } = this.#open();
    const watch = this.#watches.add(maxBufferedBytes, signal);
    poller.wake();
    return watch;
  }

  async barrier({ signal }: BarrierOptions): Promise<BarrierResult> {
    const { journal, context } = this.#open();
    this.#barriers += 1;
    try {
      const barrier: BarrierContext = {
        clock: context.clock,
        journal,
        queues: this.#queues,
        acknowledgements: this.#acknowledgements,
        isOpen: () => this.#running !== undefined,
        generation: () => this.#generation,
        raiseFlush: (positions) => this.#deliveries.raiseFlush(positions),
      };
      return await waitForAll(barrier, signal);
    } finally {
      this.#barriers -= 1;
    }
  }

  status(): BrokerStatus {
    const { events, bytes } = this.#queues.pending;
    const { journal, poller, writer } = this.#running ?? {};
    const reason = journal?.failureReason ?? this.#writeFailure ?? poller?.failureReason;
    const state = this.#running === undefined ? 'closed' : reason === undefined ? 'ready' : 'degraded';
    const isDegraded = state === 'degraded';
    return {
      state,
      ...(isDegraded && reason !== undefined ? { reason, lastError: reason } : {}),
      // Without anything to write, barriers can complete although the last write failed.
      isBlocked: isDegraded && (journal?.failureReason !== undefined || writer?.isBusy === true),
      isVolatile: this.#isFileGone,
      pendingEvents: events,
      pendingBytes: bytes,
      capacityBytes: this.#options.maxBytes,
      ...(this.#lastProgressAt === undefined ? {} : { lastProgressAt: this.#lastProgressAt }),
    };
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#end();
      // An open() that still runs would leave a thread behind.
      await this.#opening?.catch(() => {});
      this.#end();
      await this.#ended?.writer.close();
      await this.#ended?.journal.close();
      this.#ended = undefined;
    })();
    return this.#closing;
  }

  /** Ends deliveries, watches and barriers. The thread of the journal observes the signal itself. */
  readonly #end = (): void => {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    this.#ended = running;
    running.context.signal.removeEventListener('abort', this.#end);
    running.poller.stop();
    this.#deliveries.supersede();
    this.#watches.end();
    this.#acknowledgements.notify();
  };

  /** Starts with the content of the journal. Another process may have taken over earlier deliveries. */
  #begin(opened: OpenedJournal): void {
    this.#queues.begin(opened);
    this.#generation += 1;
    // Watches miss what other processes published since the last poll of the earlier thread.
    if (this.#generation > 1) this.#watches.reportGap();
    this.#deliveries.restart(this.#barriers > 0);
    this.#running?.poller.wake();
  }

  async #read(request: ReadRequest): Promise<readonly QueuedBatch[]> {
    const batches = await this.#open().journal.read(request);
    return batches.map((batch) => toQueuedBatch(request.owner, batch));
  }

  async #acknowledge(taken: readonly TakenBatch[]): Promise<void> {
    await this.#open().writer.acknowledge(toRanges(taken));
    for (const { queue, batch } of taken) queue.acknowledged([batch.number]);
    this.#progress();
    this.#acknowledgements.notify();
  }

  #removed(journal: JournalClient, removed: CommitResult['removed']): void {
    for (const owner of this.#queues.removed(removed)) journal.settle(owner).catch(() => {});
  }

  readonly #observed = ({ published, hasGap, isBarrier, orphaned, health }: Observed): void => {
    if (health !== undefined) {
      this.#writeFailure = health.failureReason;
      this.#isFileGone = health.isFileGone ?? false;
    }
    this.#queues.adopt(orphaned);
    // Pending barriers include events that were just taken over.
    if (isBarrier || (orphaned.length > 0 && this.#barriers > 0)) this.#deliveries.raiseFlush();
    else if (orphaned.length > 0) this.#deliveries.wake();
    for (const body of published) this.#watches.showBody(body);
    if (hasGap) this.#watches.reportGap();
  };

  async #commit(journal: JournalClient, request: CommitRequest): Promise<CommitResult> {
    try {
      const result = await journal.commit(request);
      // Acknowledgements can also be written to a full disk.
      if (request.batches.length > 0) this.#writeFailure = undefined;
      return result;
    } catch (error) {
      this.#writeFailure = reasonOf(error);
      throw error;
    }
  }

  #progress(): void {
    this.#lastProgressAt = this.#running?.context.clock.now() ?? this.#lastProgressAt;
  }

  #open(): Running {
    if (this.#running !== undefined) return this.#running;
    throw new VigilantError('VIGILANT_BROKER_CLOSED', 'The SQLite broker is not open. Call open() first.');
  }
}
