import type { Clock, Timer } from '../util/clock';
import { sleep } from '../util/clock';
import type { Broker } from '../contracts/broker';
import type { EventPage } from '../contracts/query';
import type { Store } from '../contracts/store';
import type { DiagnosticSink } from '../util/diagnostics';
import { reasonOf } from '../util/errors';
import { encodedSize } from '../event/codec';
import type { Event } from '../event/event';
import type { Filter } from '../filter/ast';
import { MATCH_ALL } from '../filter/ast';
import type { TailCursor } from '../query/cursor';
import { encodeTailCursor } from '../query/cursor';
import { find } from '../query/find';
import type { TailItem } from '../contracts/vigilant';
import type { PublishedBy } from './tail-broadcast';
import { createTailBroadcast } from './tail-broadcast';
import type { Subscriber } from './subscriber';

/** Interval between reads of the store, in milliseconds. */
const STORE_READ_MS = 2_000;

/** Pause before the watch is started again, in milliseconds. */
const WATCH_RETRY_MS = 500;

/** Maximum number of subscribers whose filters are combined to read the store. With more, all events are read. */
const MAX_COMBINED = 16;

/** Maximum encoded bytes of events kept until the position of the store is known; more are counted as a gap. */
const MAX_EARLY_BYTES = 16 * 1024 * 1024;

const PAGE_EVENTS = 1_000;
const PAGE_BYTES = 4 * 1024 * 1024;

/** Dependencies of a tail hub. */
export interface TailHubParts {
  readonly broker: Broker;
  readonly store: Store;
  readonly clock: Clock;
  readonly diagnostics: DiagnosticSink;
  /** Opens broker and store, if need be. */
  readonly open: () => Promise<void>;
  /** Waits for a limited time until the events accepted before are stored. */
  readonly settle: () => Promise<unknown>;
}

/** Serves the tails of a process, from the first reader to the last. */
export interface TailSession {
  joinNow(subscriber: Subscriber): Promise<void>;
  /** Yields the stored events after the cursor; subscribes the subscriber before it ends. */
  replay(subscriber: Subscriber, cursor: TailCursor): AsyncGenerator<TailItem>;
  /** Announces events that this process has published, in the order of their acknowledgement. */
  published(events: readonly Event[]): void;
  leave(subscriber: Subscriber): void;
  close(): Promise<void>;
}

/** Begins a session. */
export function createTailSession({ broker, store, clock, diagnostics, open, settle }: TailHubParts): TailSession {
  const ending = new AbortController();
  const { signal } = ending;
  const broadcast = createTailBroadcast();
  /** Position up to which all stored events were offered; `undefined` until the store has been read. */
  let position: TailCursor | undefined;
  /** Events published before the position was known. */
  let early: { readonly event: Event; readonly by: PublishedBy }[] = [];
  let earlyBytes = 0;
  let missedEarly = 0;
  /** Identifies the current watch; `undefined` while there is none. */
  let watching: object | undefined;
  let timer: Timer | undefined;

  const report = (code: string, what: string, error: unknown): void =>
    diagnostics({ level: 'warn', component: 'tail', code, message: `${what}: ${reasonOf(error)}`, error });

  const published = (events: readonly Event[], by: PublishedBy): void => {
    for (const event of events) {
      if (position !== undefined) broadcast.published(event, position, by);
      else if (earlyBytes < MAX_EARLY_BYTES) {
        earlyBytes += encodedSize(event);
        early.push({ event, by });
      } else missedEarly += 1;
    }
  };

  const pushToAll = (item: TailItem): void => {
    for (const subscriber of broadcast.subscribers) subscriber.push(item);
  };

  const watch = async (onFirst: () => void): Promise<void> => {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      try {
        const events = await broker.watch({ signal });
        watching = {};
        onFirst();
        // Events from the time without a watch come before the events of this one.
        if (!isFirst) await catchUp();
        for await (const batch of events) published(batch, 'watch');
      } catch (error) {
        if (!signal.aborted)
          report(
            'watch-failed',
            'Watching the broker failed, so live events arrive late until it succeeds',
            error,
          );
      }
      onFirst();
      const hasEnded = watching !== undefined;
      watching = undefined;
      if (hasEnded && !signal.aborted) await catchUp();
      await sleep(clock, WATCH_RETRY_MS, signal).catch(() => {});
    }
    // The loop never runs if the last tail ended while the adapters were opening.
    onFirst();
  };

  const combinedFilter = (): Filter => {
    const filters = [...broadcast.subscribers].map(({ filter }) => filter);
    return filters.length > MAX_COMBINED ? MATCH_ALL : { kind: 'or', filters };
  };

  const pageAfter = (filter: Filter, sequence: number, asOf?: number): Promise<EventPage> =>
    find(
      store,
      {
        filter,
        order: 'arrival',
        after: { timestamp: 0, sequence },
        limit: PAGE_EVENTS,
        maxBytes: PAGE_BYTES,
        signal,
        ...(asOf === undefined ? {} : { asOf }),
      },
      clock,
    );

  const adopt = (epoch: string, sequence: number): void => {
    position = { epoch, sequence };
    for (const { event, by } of early) broadcast.published(event, position, by);
    early = [];
    if (missedEarly > 0)
      pushToAll({ type: 'gap', reason: 'slow', missed: missedEarly, cursor: encodeTailCursor(position) });
  };

  /** Reads the store from the position to its end. */
  const readStore = async (): Promise<void> => {
    if (position === undefined || broadcast.subscribers.size === 0) return;
    for (let more = true; more && !signal.aborted;) {
      const page: EventPage = await pageAfter(combinedFilter(), position.sequence);
      if (page.epoch !== position.epoch) {
        position = { epoch: page.epoch, sequence: page.asOf };
        return pushToAll({ type: 'gap', reason: 'epoch', cursor: encodeTailCursor(position) });
      }
      for (const event of page.events)
        broadcast.stored(event, { epoch: page.epoch, sequence: event.sequence });
      more = page.next !== undefined;
      position = {
        epoch: page.epoch,
        sequence: page.next?.sequence ?? Math.max(position.sequence, page.asOf),
      };
    }
    for (const subscriber of broadcast.subscribers) subscriber.checkpoint(position);
  };

  let firstWatch: Promise<void> | undefined;
  const start = async (): Promise<void> => {
    await open();
    await (firstWatch ??= new Promise((resolve) => void watch(resolve)));
    const { epoch, lastSequence } = await store.status();
    adopt(epoch, lastSequence);
    schedule();
  };

  const reportStoreRead = (error: unknown): void => {
    if (!signal.aborted) report('store-read-failed', 'The tail could not read the store', error);
  };

  const schedule = (): void => {
    if (signal.aborted) return;
    timer = clock.after(STORE_READ_MS, () => {
      void inTurn(readStore).catch(reportStoreRead).finally(schedule);
    });
  };

  /** Waits until the events accepted so far are stored, then reads the store. */
  const catchUp = (): Promise<void> =>
    inTurn(async () => {
      await settle();
      await readStore();
    }).catch(reportStoreRead);

  let starting: Promise<void> | undefined;
  const started = (): Promise<void> =>
    (starting ??= start().catch((error: unknown) => {
      starting = undefined;
      throw error;
    }));

  /** Runs the operations that move the position or add subscribers one at a time. */
  let turns: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turns.then(work);
    turns = result.catch(() => {});
    return result;
  };

  /** Reads a range of the store for a subscriber that replays it. */
  async function* replayRange(
    subscriber: Subscriber,
    from: number,
    through?: number,
  ): AsyncGenerator<TailItem, number> {
    for (let sequence = from; ;) {
      const { events, epoch, next, asOf } = await pageAfter(subscriber.filter, sequence, through);
      for (const event of events) {
        const cursor = encodeTailCursor({ epoch, sequence: event.sequence });
        if (subscriber.offerReplayed(event)) yield { type: 'event', event, cursor };
      }
      if (next === undefined) return Math.max(sequence, asOf);
      sequence = next.sequence;
    }
  }

  return {
    published: (events) => published(events, 'publisher'),
    joinNow(subscriber) {
      broadcast.subscribe(subscriber);
      return inTurn(async () => {
        await started();
        const current = watching;
        await settle();
        const { lastSequence } = await store.status();
        // If the same watch is still running, it delivers the events since this subscriber joined.
        if (current !== undefined && current === watching) subscriber.consider(lastSequence);
      });
    },
    async *replay(subscriber, { epoch, sequence }) {
      await inTurn(started);
      const status = await store.status();
      let from = sequence;
      if (epoch !== status.epoch) {
        from = status.lastSequence;
        const cursor = encodeTailCursor({ epoch: status.epoch, sequence: from });
        yield { type: 'gap', reason: 'epoch', cursor };
      } else if (status.prunedThrough > sequence) {
        yield { type: 'gap', reason: 'pruned', cursor: encodeTailCursor({ epoch, sequence }) };
      }
      from = yield* replayRange(subscriber, from);
      // From here on, published events are queued for the subscriber. Earlier ones are stored once the store has settled;
      // the periodic read of the store delivers any others.
      const through = await inTurn(async () => {
        broadcast.subscribe(subscriber);
        await settle();
        const { lastSequence } = await store.status();
        subscriber.consider(lastSequence);
        return lastSequence;
      });
      yield* replayRange(subscriber, from, through);
    },
    leave: (subscriber) => void broadcast.subscribers.delete(subscriber),
    async close() {
      ending.abort();
      timer?.cancel();
      await turns;
    },
  };
}
