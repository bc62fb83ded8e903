import type { Clock, Timer } from '../clock';
import { sleep } from '../clock';
import type { Broker } from '../contracts/broker';
import type { EventPage } from '../contracts/query';
import type { Store } from '../contracts/store';
import type { DiagnosticSink } from '../diagnostics';
import type { Event } from '../event/event';
import type { Filter } from '../filter/ast';
import { MATCH_ALL } from '../filter/ast';
import type { TailCursor } from '../query/cursor';
import { encodeTailCursor } from '../query/cursor';
import { find } from '../query/find';
import type { TailItem } from '../vigilant';
import { createBroadcast } from './broadcast';
import type { Member } from './member';

/** How often the store is read behind the hub's position, in milliseconds. */
const STORE_READ_MS = 2_000;

/** Pause before what failed is begun again, in milliseconds. */
const AGAIN_MS = 500;

/** Members whose filters are combined for reading the store; with more it is read whole. */
const MAX_COMBINED = 16;

/** Events kept until the store has said where it stands; more are counted as a gap. */
const MAX_EARLY = 50_000;

const PAGE_EVENTS = 1_000;
const PAGE_BYTES = 4 * 1024 * 1024;

/** What a hub works with. */
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
  /** Gives what the store holds behind the cursor, then admits the member. */
  replay(member: Member, cursor: TailCursor): AsyncGenerator<TailItem>;
  /** Takes what this process has published, while the watch may not yet bring it. */
  tap(events: readonly Event[]): void;
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
  let early: Event[] = [];
  let missedEarly = 0;
  let isWatching = false;
  let joining = 0;
  let timer: Timer | undefined;

  const report = (code: string, message: string, error: unknown): void =>
    diagnostics({ level: 'warn', component: 'tail', code, message, error });

  const published = (events: readonly Event[]): void => {
    if (position !== undefined) for (const event of events) broadcast.published(event, position);
    else if (early.length < MAX_EARLY) early = early.concat(events);
    else missedEarly += events.length;
  };

  const tellAll = (item: TailItem): void => {
    for (const member of broadcast.members) member.push(item);
  };

  const watch = async (onWatching: () => void): Promise<void> => {
    while (!signal.aborted) {
      try {
        const events = await broker.watch({ signal });
        isWatching = true;
        onWatching();
        for await (const batch of events) published(batch);
      } catch (error) {
        if (!signal.aborted) report('watch-failed', 'Live events come late until it works again.', error);
      }
      isWatching = false;
      onWatching();
      await sleep(clock, AGAIN_MS, signal).catch(() => {});
    }
  };

  const combinedFilter = (): Filter => {
    const filters = [...broadcast.members].map(({ filter }) => filter);
    return filters.length > MAX_COMBINED ? MATCH_ALL : { kind: 'or', filters };
  };

  const pageAfter = (filter: Filter, sequence: number): Promise<EventPage> =>
    find(
      store,
      {
        filter,
        order: 'arrival',
        after: { timestamp: 0, sequence },
        limit: PAGE_EVENTS,
        maxBytes: PAGE_BYTES,
        signal,
      },
      clock,
    );

  const adopt = (epoch: string, sequence: number): TailCursor => {
    position = { epoch, sequence };
    const events = early;
    early = [];
    published(events);
    if (missedEarly > 0)
      tellAll({ type: 'gap', reason: 'slow', missed: missedEarly, cursor: encodeTailCursor(position) });
    missedEarly = 0;
    return position;
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

  const start = async (): Promise<TailCursor> => {
    await open();
    await new Promise<void>((resolve) => void watch(resolve));
    const { epoch, lastSequence } = await store.status();
    schedule();
    return adopt(epoch, lastSequence);
  };

  const schedule = (): void => {
    if (signal.aborted) return;
    timer = clock.after(STORE_READ_MS, () => {
      void inTurn(readStore)
        .catch((error: unknown) => {
          if (!signal.aborted) report('store-read-failed', 'The tail could not check the store.', error);
        })
        .finally(schedule);
    });
  };

  let starting: Promise<TailCursor> | undefined;
  const started = (): Promise<TailCursor> =>
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

  return {
    tap(events) {
      if (joining > 0 || !isWatching) published(events);
    },
    joinNow(member) {
      broadcast.admit(member);
      joining += 1;
      return inTurn(async () => {
        const { sequence } = await started();
        await settle();
        // While the watch runs, what came since this member joined reaches it that way.
        member.consider(isWatching ? (await store.status()).lastSequence : sequence);
      }).finally(() => void (joining -= 1));
    },
    async *replay(member, { epoch, sequence }) {
      await inTurn(started);
      const status = await store.status();
      let from = sequence;
      if (epoch !== status.epoch) {
        from = status.lastSequence;
        yield {
          type: 'gap',
          reason: 'epoch',
          cursor: encodeTailCursor({ epoch: status.epoch, sequence: from }),
        };
      } else if (status.prunedThrough > sequence) {
        yield { type: 'gap', reason: 'pruned', cursor: encodeTailCursor({ epoch, sequence }) };
      }
      const toItem = (event: EventPage['events'][number]): TailItem => {
        member.rememberReplayed(event);
        return {
          type: 'event',
          event,
          cursor: encodeTailCursor({ epoch: status.epoch, sequence: event.sequence }),
        };
      };
      for (;;) {
        const page = await pageAfter(member.filter, from);
        for (const event of page.events) yield toItem(event);
        from = page.next?.sequence ?? Math.max(from, page.asOf);
        if (page.next === undefined) break;
      }
      await inTurn(async () => {
        broadcast.admit(member);
        // What was published before the member was admitted is in the store after this, or the store shows it later.
        await settle();
        for (let more = true; more;) {
          const page = await pageAfter(member.filter, from);
          for (const event of page.events) {
            if (!broadcast.wasSent(member, event.id)) member.push(toItem(event));
          }
          more = page.next !== undefined;
          from = page.next?.sequence ?? Math.max(from, page.asOf);
        }
        member.consider(from);
      });
    },
    leave: (member) => void broadcast.members.delete(member),
    async close() {
      ending.abort();
      timer?.cancel();
      await turns;
    },
  };
}
