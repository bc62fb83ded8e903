import type { Clock, Timer } from '../util/clock';
import { sleep } from '../util/clock';
import type { Broker } from '../contracts/broker';
import type { EventPage } from '../contracts/query';
import type { Store } from '../contracts/store';
import type { DiagnosticSink } from '../util/diagnostics';
import { encodedSize } from '../event/codec';
import type { Event } from '../event/event';
import type { Filter } from '../filter/ast';
import { MATCH_ALL } from '../filter/ast';
import type { TailCursor } from '../query/cursor';
import { encodeTailCursor } from '../query/cursor';
import { find } from '../query/find';
import type { TailItem } from '../contracts/vigilant';
import type { PublishedBy } from './broadcast';
import { createBroadcast } from './broadcast';
import type { Member } from './member';

/** How often the store is read behind the hub's position, in milliseconds. */
const STORE_READ_MS = 2_000;

/** Pause before what failed is begun again, in milliseconds. */
const AGAIN_MS = 500;

/** Members whose filters are combined for reading the store; with more it is read whole. */
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
  /** Waits, within a bound, until what was accepted before is stored. */
  readonly settle: () => Promise<unknown>;
}

/** The time from the first reader to the last. */
export interface Session {
  joinNow(member: Member): Promise<void>;
  /** Yields the stored events after the cursor; admits the member before it ends. */
  replay(member: Member, cursor: TailCursor): AsyncGenerator<TailItem>;
  /** Announces events that this process has published, in the order of their acknowledgement. */
  published(events: readonly Event[]): void;
  leave(member: Member): void;
  close(): Promise<void>;
}

/** Begins a session. */
export function createSession({ broker, store, clock, diagnostics, open, settle }: TailHubParts): Session {
  const ending = new AbortController();
  const { signal } = ending;
  const broadcast = createBroadcast();
  /** Everything up to here was considered; `undefined` until the store was asked. */
  let position: TailCursor | undefined;
  /** Published before the position was known. */
  let early: { readonly event: Event; readonly by: PublishedBy }[] = [];
  let earlyBytes = 0;
  let missedEarly = 0;
  /** Identifies the current watch; `undefined` while there is none. */
  let watching: object | undefined;
  let timer: Timer | undefined;

  const report = (code: string, message: string, error: unknown): void =>
    diagnostics({ level: 'warn', component: 'tail', code, message, error });

  const published = (events: readonly Event[], by: PublishedBy): void => {
    for (const event of events) {
      if (position !== undefined) broadcast.published(event, position, by);
      else if (earlyBytes < MAX_EARLY_BYTES) {
        earlyBytes += encodedSize(event);
        early.push({ event, by });
      } else missedEarly += 1;
    }
  };

  const tellAll = (item: TailItem): void => {
    for (const member of broadcast.members) member.push(item);
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
        if (!signal.aborted) report('watch-failed', 'Live events come late until it works again.', error);
      }
      onFirst();
      const hasEnded = watching !== undefined;
      watching = undefined;
      if (hasEnded && !signal.aborted) await catchUp();
      await sleep(clock, AGAIN_MS, signal).catch(() => {});
    }
    // The loop never runs if the last tail ended while the adapters were opening.
    onFirst();
  };

  const combinedFilter = (): Filter => {
    const filters = [...broadcast.members].map(({ filter }) => filter);
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
      tellAll({ type: 'gap', reason: 'slow', missed: missedEarly, cursor: encodeTailCursor(position) });
  };

  /** Reads the store behind the position, up to its end. */
  const readStore = async (): Promise<void> => {
    if (position === undefined || broadcast.members.size === 0) return;
    for (let more = true; more && !signal.aborted;) {
      const page: EventPage = await pageAfter(combinedFilter(), position.sequence);
      if (page.epoch !== position.epoch) {
        position = { epoch: page.epoch, sequence: page.asOf };
        return tellAll({ type: 'gap', reason: 'epoch', cursor: encodeTailCursor(position) });
      }
      for (const event of page.events)
        broadcast.stored(event, { epoch: page.epoch, sequence: event.sequence });
      more = page.next !== undefined;
      position = {
        epoch: page.epoch,
        sequence: page.next?.sequence ?? Math.max(position.sequence, page.asOf),
      };
    }
    for (const member of broadcast.members) member.checkpoint(position);
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
    if (!signal.aborted) report('store-read-failed', 'The tail could not check the store.', error);
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

  /** One at a time: what moves the position or admits members. */
  let turns: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turns.then(work);
    turns = result.catch(() => {});
    return result;
  };

  /** Reads a range of the store for a member that replays it. */
  async function* replayRange(
    member: Member,
    from: number,
    through?: number,
  ): AsyncGenerator<TailItem, number> {
    for (let sequence = from; ;) {
      const { events, epoch, next, asOf } = await pageAfter(member.filter, sequence, through);
      for (const event of events) {
        const cursor = encodeTailCursor({ epoch, sequence: event.sequence });
        if (member.offerReplayed(event)) yield { type: 'event', event, cursor };
      }
      if (next === undefined) return Math.max(sequence, asOf);
      sequence = next.sequence;
    }
  }

  return {
    published: (events) => published(events, 'publisher'),
    joinNow(member) {
      broadcast.admit(member);
      return inTurn(async () => {
        await started();
        const current = watching;
        await settle();
        const { lastSequence } = await store.status();
        // If the same watch is still running, it delivers the events since this member joined.
        if (current !== undefined && current === watching) member.consider(lastSequence);
      });
    },
    async *replay(member, { epoch, sequence }) {
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
      from = yield* replayRange(member, from);
      // From here on, published events are queued for the member. Earlier ones are stored once the store has settled;
      // the periodic read of the store delivers any others.
      const through = await inTurn(async () => {
        broadcast.admit(member);
        await settle();
        const { lastSequence } = await store.status();
        member.consider(lastSequence);
        return lastSequence;
      });
      yield* replayRange(member, from, through);
    },
    leave: (member) => void broadcast.members.delete(member),
    async close() {
      ending.abort();
      timer?.cancel();
      await turns;
    },
  };
}
