import type { Broker } from '../contracts/broker';
import type { Store } from '../contracts/store';
import type { TailItem } from '../contracts/vigilant';
import type { Event } from '../event/event';
import type { TailCursor } from '../query/cursor';
import { encodeTailCursor } from '../query/cursor';
import type { Clock, Timer } from '../util/clock';
import type { DiagnosticSink } from '../util/diagnostics';
import { reasonOf } from '../util/errors';
import { createSerialQueue } from '../util/serial-queue';
import { sharedSignal } from '../util/signals';
import type { ArrivalSource } from './arrivals';
import { readArrivals } from './arrivals';
import type { Subscriber } from './subscriber';
import { createTailBroadcast } from './tail-broadcast';
import type { TailFeed } from './tail-feed';
import { createTailFeed } from './tail-feed';
import type { WatchLoop } from './watch-loop';
import { createWatchLoop } from './watch-loop';

/** Interval between reads of the store, in milliseconds. */
const STORE_READ_MS = 2_000;

/** The same for a read-only store, where reads are the only source of new events. */
const READ_ONLY_READ_MS = 1_000;

/** Serves the tails of a process, from the first reader to the last. */
export interface TailSession {
  /** Subscribes a subscriber to the events from now on. Resolves once the broker is watched. */
  joinNow(subscriber: Subscriber): Promise<void>;
  /** Yields the stored events after the cursor; subscribes the subscriber before it ends. */
  replay(subscriber: Subscriber, cursor: TailCursor): AsyncGenerator<TailItem, undefined>;
  /** Announces events that this process has published, in the order of their acknowledgement. */
  published(events: readonly Event[]): void;
  leave(subscriber: Subscriber): void;
  close(): Promise<void>;
}

/** Dependencies of a session. */
export interface TailSessionParts {
  readonly broker: Broker;
  readonly store: Store;
  readonly clock: Clock;
  readonly diagnostics: DiagnosticSink;
  /** Opens broker and store, if need be. */
  readonly open: () => Promise<void>;
  /** Waits for a limited time until the events accepted so far are stored. */
  readonly settle: () => Promise<unknown>;
}

/** Creates a session. It opens the adapters and watches the broker once the first subscriber joins. */
export function createTailSession(parts: TailSessionParts): TailSession {
  return new HubSession(parts);
}

class HubSession implements TailSession {
  readonly #parts: TailSessionParts;
  readonly #ending = new AbortController();
  readonly #source: ArrivalSource;
  readonly #broadcast = createTailBroadcast();
  readonly #feed: TailFeed;
  readonly #watch: WatchLoop;
  /** Runs the operations that move the position or add subscribers. */
  readonly #operations = createSerialQueue();
  #starting: Promise<void> | undefined;
  /** Resolves once the session has started. */
  readonly #started: Promise<void>;
  #onStarted = (): void => {};
  #isStarted = false;
  #timer: Timer | undefined;

  constructor(parts: TailSessionParts) {
    const { broker, store, clock } = parts;
    const { signal } = this.#ending;
    // Every tail that reads the store listens to it.
    sharedSignal(signal);
    this.#parts = parts;
    this.#started = new Promise((resolve) => (this.#onStarted = resolve));
    this.#source = { store, clock, signal };
    this.#feed = createTailFeed(this.#source, this.#broadcast);
    this.#watch = createWatchLoop({
      broker,
      clock,
      signal,
      onEvents: (events) => this.#feed.published(events, 'watch'),
      catchUp: () => this.#catchUp(),
      onFailure: (error) =>
        this.#report(
          'watch-failed',
          'Watching the broker failed, so live events arrive late until it succeeds',
          error,
        ),
    });
  }

  joinNow(subscriber: Subscriber): Promise<void> {
    this.#broadcast.subscribe(subscriber);
    const wasStarted = this.#isStarted;
    const watchBefore = this.#watch.current;
    const settled = this.#operations.run(async () => {
      await this.#start();
      const watch = wasStarted ? watchBefore : this.#watch.current;
      const lastSequence = await this.#settle();
      // If the same watch is still running, it delivers the events since this subscriber joined.
      if (watch !== undefined && watch === this.#watch.current) subscriber.consider(lastSequence);
    });
    // New events do not wait until earlier ones are stored. If that fails, the next read of the store reports why.
    const joined = Promise.race([this.#started, settled]);
    joined.catch(() => {});
    return joined;
  }

  async *replay(
    subscriber: Subscriber,
    { epoch, sequence }: TailCursor,
  ): AsyncGenerator<TailItem, undefined> {
    await this.#operations.run(() => this.#start());
    const status = await this.#parts.store.status();
    let from = sequence;
    if (epoch !== status.epoch) {
      from = status.lastSequence;
      const cursor = encodeTailCursor({ epoch: status.epoch, sequence: from });
      yield { type: 'gap', reason: 'epoch', cursor };
    } else if (status.prunedThrough > sequence) {
      yield { type: 'gap', reason: 'pruned', cursor: encodeTailCursor({ epoch, sequence }) };
    }
    from = yield* this.#replayRange(subscriber, from);
    // From here on, published events are queued for the subscriber. Earlier ones are stored once the store has settled;
    // the periodic read of the store delivers any others.
    const through = await this.#operations.run(async () => {
      this.#broadcast.subscribe(subscriber);
      const lastSequence = await this.#settle();
      subscriber.consider(lastSequence);
      return lastSequence;
    });
    yield* this.#replayRange(subscriber, from, through);
  }

  published(events: readonly Event[]): void {
    this.#feed.published(events, 'publisher');
  }

  leave(subscriber: Subscriber): void {
    this.#broadcast.remove(subscriber);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#timer?.cancel();
    await this.#operations.idle();
  }

  /** Starts watching the broker and reading the store, once. May be retried after a failure. */
  #start(): Promise<void> {
    return (this.#starting ??= this.#open().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    }));
  }

  async #open(): Promise<void> {
    await this.#parts.open();
    await this.#watch.start();
    const { epoch, lastSequence } = await this.#parts.store.status();
    this.#feed.begin({ epoch, sequence: lastSequence });
    this.#scheduleRead();
    this.#isStarted = true;
    this.#onStarted();
  }

  #scheduleRead(): void {
    if (this.#ending.signal.aborted) return;
    const { store, clock } = this.#parts;
    const pauseMs = store.capabilities.readOnly === true ? READ_ONLY_READ_MS : STORE_READ_MS;
    this.#timer = clock.after(pauseMs, () => {
      void this.#read(() => this.#feed.readStore()).finally(() => this.#scheduleRead());
    });
  }

  /** Waits until the events accepted so far are stored, then reads the store. */
  #catchUp(): Promise<void> {
    return this.#read(async () => {
      await this.#parts.settle();
      await this.#feed.readStore();
    });
  }

  /** Runs an operation that reads the store, and reports its failure. */
  #read(work: () => Promise<void>): Promise<void> {
    return this.#operations.run(work).catch((error: unknown) => {
      if (!this.#ending.signal.aborted)
        this.#report('store-read-failed', 'The tail could not read the store', error);
    });
  }

  /** Waits for a limited time until the events accepted so far are stored, and returns the last sequence. */
  async #settle(): Promise<number> {
    await this.#parts.settle();
    return (await this.#parts.store.status()).lastSequence;
  }

  /** Yields the stored events of a range for a subscriber that replays it, and returns the last sequence considered. */
  async *#replayRange(
    subscriber: Subscriber,
    from: number,
    through?: number,
  ): AsyncGenerator<TailItem, number> {
    for (let sequence = from; ;) {
      const page = await readArrivals(this.#source, subscriber.filter, sequence, through);
      const { events, epoch, next, asOf } = page;
      for (const event of events) {
        const cursor = encodeTailCursor({ epoch, sequence: event.sequence });
        if (subscriber.offerReplayed(event)) yield { type: 'event', event, cursor };
      }
      if (next === undefined) return Math.max(sequence, asOf);
      sequence = next.sequence;
    }
  }

  #report(code: string, what: string, error: unknown): void {
    const message = `${what}: ${reasonOf(error)}`;
    this.#parts.diagnostics({ level: 'warn', component: 'tail', code, message, error });
  }
}
