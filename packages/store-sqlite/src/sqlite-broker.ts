import type {
  AdapterContext,
  BarrierOptions,
  BarrierResult,
  Broker,
  BrokerStatus,
  ConsumeOptions,
  Delivery,
  Event,
  Wakeup,
  Watch,
  WatchOptions,
} from '@vigilant/core';
import { VigilantError, createWakeup, createWatch, encodeEvent, isVigilantError } from '@vigilant/core';
import { createChanges, unlessAborted } from './broker/changes';
import { Committer } from './broker/committer';
import type { Journal } from './broker/journal';
import { openJournal } from './broker/journal';
import type { ReadBatches } from './broker/lane';
import type { Marks, TakenBatch } from './broker/lanes';
import { Lanes, toRanges } from './broker/lanes';
import type { SqliteBrokerOptions } from './broker/options';
import { resolveBrokerOptions } from './broker/options';
import { LOOK_MS, Peers } from './broker/peers';
import { decodeBatch, decodeBody } from './broker/read';
import type { CommitResult, Observed, Opened } from './journal/protocol';

const DELIVERY_BYTES = 1024 * 1024;
const WATCH_BYTES = 16 * 1024 * 1024;

/**
 * Creates a durable local broker: a journal in one SQLite file.
 *
 * What `publish` took is on the disk (an fsync lies between). All SQL runs in a thread of its own. The file is made at
 * `open`, with mode 0600, in a folder with mode 0700. Several processes may open it at once; what one that died held
 * is taken over by another.
 *
 * @param path - Of the file, such as `./data/journal.db`.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function createSqliteBroker(path: string, options: SqliteBrokerOptions = {}): Broker {
  if (typeof path !== 'string' || path === '')
    throw new TypeError('createSqliteBroker() takes the path of a file.');
  return new SqliteBroker(path, resolveBrokerOptions(options).maxBytes);
}

/** Whoever takes deliveries at the moment. */
interface Consumer {
  readonly wakeup: Wakeup;
  /** Aborted when the deliveries so far belong to somebody else. */
  superseded: AbortController;
}

/** What there is while the broker is open. */
interface Running {
  readonly journal: Journal;
  readonly committer: Committer;
  readonly peers: Peers;
  readonly context: AdapterContext;
}

class SqliteBroker implements Broker {
  readonly capabilities = Object.freeze({ durability: 'disk', shared: true } as const);
  readonly #path: string;
  readonly #capacityBytes: number;
  readonly #lanes = new Lanes();
  readonly #watches = new Set<Watch>();
  readonly #acknowledgements = createChanges();
  #running: Running | undefined;
  #closing: Promise<void> | undefined;
  #consumer: Consumer | undefined;
  /** A flush that the consumer was not told of yet, and how far it must have come for it. */
  #flush: Marks | undefined;
  #lastProgressAt: number | undefined;
  #lastError: string | undefined;
  #isDiskFull = false;

  constructor(path: string, capacityBytes: number) {
    this.#path = path;
    this.#capacityBytes = capacityBytes;
  }

  async open(context: AdapterContext): Promise<void> {
    let hasPeers = false;
    const journal = await openJournal(this.#path, this.#capacityBytes, context, (opened) => {
      hasPeers = opened.hasPeers;
      this.#begin(opened);
    });
    const committer = new Committer({
      clock: context.clock,
      capacityBytes: this.#capacityBytes,
      owner: () => this.#lanes.own.owner,
      commit: (request) => this.#watchErrors(journal.commit(request)),
      restarted: () => journal.restarted(),
      removed: (removed) => this.#removed(journal, removed),
    });
    const peers = new Peers(
      {
        ...{ journal, context },
        isWatched: () => this.#watches.size > 0,
        observed: (observed) => this.#observed(observed),
      },
      hasPeers,
    );
    this.#running = { journal, committer, peers, context };
    this.#closing = undefined;
  }

  async publish(events: readonly Event[]): Promise<void> {
    const { committer } = this.#open();
    if (events.length === 0) return;
    const kept = [...events];
    const encoded = kept.map(encodeEvent);
    const bytes = encoded.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const { number, isKnown } = await committer.publish(encoded, bytes);
    if (!isKnown) this.#lanes.own.add({ number, bytes, events: kept });
    for (const watch of this.#watches) watch.push(kept, bytes);
    this.#progress();
    this.#consumer?.wakeup.wake();
  }

  async *consume({ signal, maxBytes = DELIVERY_BYTES }: ConsumeOptions): AsyncGenerator<Delivery> {
    this.#open();
    this.#supersede();
    const consumer: Consumer = { wakeup: createWakeup(), superseded: new AbortController() };
    this.#consumer = consumer;
    this.#lanes.rewind();
    signal.addEventListener('abort', consumer.wakeup.wake, { once: true });
    try {
      for (;;) {
        if (signal.aborted || this.#running === undefined || this.#consumer !== consumer) return;
        const { superseded } = consumer;
        const taken = await this.#lanes.take(maxBytes, this.#read);
        if (this.#consumer !== consumer || this.#running === undefined) return;
        const flush = this.#takeFlush();
        if (taken.length > 0 || flush) yield this.#deliver(taken, flush, superseded.signal);
        else await consumer.wakeup.wait();
      }
    } finally {
      signal.removeEventListener('abort', consumer.wakeup.wake);
      consumer.superseded.abort();
      if (this.#consumer === consumer) this.#consumer = undefined;
    }
  }

  async watch({
    signal,
    maxBufferedBytes = WATCH_BYTES,
  }: WatchOptions): Promise<AsyncIterable<readonly Event[]>> {
    // What others published before is over for this watch.
    if (this.#watches.size === 0) await this.#open().peers.look();
    this.#open();
    return createWatch(this.#watches, maxBufferedBytes, signal);
  }

  async barrier({ signal }: BarrierOptions): Promise<BarrierResult> {
    const { journal, context } = this.#open();
    const marks = this.#lanes.marks();
    const publishedAt = this.#lanes.pending.events;
    this.#raiseFlush(marks);
    const raised = await unlessAborted(journal.raise(), signal);
    let isPending = raised?.isPending ?? true;
    for (;;) {
      if (!isPending && this.#lanes.isAcknowledged(marks)) return { complete: true, pending: 0 };
      if (signal.aborted || this.#running === undefined) break;
      const wake = isPending ? { clock: context.clock, afterMs: LOOK_MS } : undefined;
      await this.#acknowledgements.next(signal, wake);
      if (isPending && raised !== undefined && this.#running !== undefined)
        isPending = (await unlessAborted(journal.isPending(raised.through), signal)) ?? true;
    }
    // How much others still hold is not known.
    return isPending
      ? { complete: false }
      : { complete: false, pending: Math.min(publishedAt, this.#lanes.pending.events) };
  }

  status(): BrokerStatus {
    const { events, bytes } = this.#lanes.pending;
    const reason = this.#isDiskFull ? 'There is no room left on the disk.' : this.#lastError;
    const isOpen = this.#running !== undefined;
    return {
      state: !isOpen ? 'closed' : reason === undefined ? 'ready' : 'degraded',
      ...(isOpen && reason !== undefined ? { reason } : {}),
      // What failed is tried again; without anything to try a barrier can still be reached.
      ...(this.#lastError !== undefined && this.#running?.committer.isBusy ? { isBlocked: true } : {}),
      pendingEvents: events,
      pendingBytes: bytes,
      capacityBytes: this.#capacityBytes,
      ...(this.#lastProgressAt === undefined ? {} : { lastProgressAt: this.#lastProgressAt }),
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      const running = this.#running;
      this.#running = undefined;
      running?.peers.stop();
      this.#supersede();
      for (const watch of this.#watches) watch.end();
      this.#acknowledgements.notify();
      await running?.committer.close();
      await running?.journal.close();
    })();
    return this.#closing;
  }

  /** Begins with what the journal holds; deliveries so far may be somebody else's by now. */
  #begin(opened: Opened): void {
    this.#lanes.begin(opened);
    if (this.#flush !== undefined) this.#flush = this.#lanes.marks();
    if (this.#consumer === undefined) return;
    this.#consumer.superseded.abort();
    this.#consumer.superseded = new AbortController();
    this.#consumer.wakeup.wake();
  }

  readonly #read: ReadBatches = async (request) => {
    const batches = await this.#open().journal.read(request);
    return batches.map((batch) => decodeBatch(request.owner, batch));
  };

  #deliver(taken: readonly TakenBatch[], flush: boolean, signal: AbortSignal): Delivery {
    let done: Promise<void> | undefined;
    return {
      events: taken.flatMap(({ batch }) => batch.events),
      malformed: taken.flatMap(({ batch }) => batch.malformed ?? []),
      flush,
      signal,
      ack: async () => {
        if (!signal.aborted && taken.length > 0) await (done ??= this.#acknowledge(taken));
      },
    };
  }

  async #acknowledge(taken: readonly TakenBatch[]): Promise<void> {
    await this.#running?.committer.acknowledge(toRanges(taken));
    for (const { lane, batch } of taken) lane.acknowledged([batch.number]);
    this.#progress();
    this.#acknowledgements.notify();
  }

  #removed(journal: Journal, removed: CommitResult['removed']): void {
    for (const owner of this.#lanes.removed(removed)) journal.settle(owner).catch(() => {});
  }

  #observed({ published, isHole, isBarrier, estates, isDiskFull }: Observed): void {
    this.#isDiskFull = isDiskFull;
    for (const body of published) this.#show(decodeBody(body), body.byteLength);
    // There is no other way to say that something is missing.
    if (isHole) this.#show([], Infinity);
    this.#lanes.adopt(estates);
    if (isBarrier) this.#raiseFlush(this.#lanes.marks());
    else if (estates.length > 0) this.#consumer?.wakeup.wake();
  }

  #show(events: readonly Event[], bytes: number): void {
    for (const watch of this.#watches) watch.push(events, bytes);
  }

  #raiseFlush(marks: Marks): void {
    this.#flush = marks;
    this.#consumer?.wakeup.wake();
  }

  #takeFlush(): boolean {
    if (this.#flush === undefined || !this.#lanes.isDelivered(this.#flush)) return false;
    this.#flush = undefined;
    return true;
  }

  #supersede(): void {
    this.#consumer?.superseded.abort();
    this.#consumer?.wakeup.wake();
  }

  async #watchErrors<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      this.#lastError = undefined;
      return result;
    } catch (error) {
      this.#lastError = error instanceof Error ? error.message : String(error);
      this.#isDiskFull ||= isVigilantError(error) && error.code === 'VIGILANT_BROKER_FULL';
      throw error;
    }
  }

  #progress(): void {
    this.#lastProgressAt = this.#running?.context.clock.now() ?? this.#lastProgressAt;
  }

  #open(): Running {
    if (this.#running !== undefined) return this.#running;
    throw new VigilantError('VIGILANT_BROKER_CLOSED', 'The SQLite broker is not open; call open() first.');
  }
}
