import type { Clock } from '../util/clock';
import type { EventPage, EventQuery } from '../contracts/query';
import type { Store } from '../contracts/store';
import { encodedSize } from '../event/codec';
import type { StoredEvent } from '../event/event';
import { toMicros } from '../event/timestamp';
import type { Matcher } from '../filter/matches';
import { createMatcher } from '../filter/matches';
import { timelyAnswer } from './store-answer';

/** Rows requested at once from a store that does not filter exactly. */
const SUPERSET_ROWS = 1_000;

/**
 * Fills one page from a store: queries again when a page is short, and filters the events of pages that the store did not
 * filter exactly.
 */
export async function find(store: Store, query: EventQuery, clock: Clock): Promise<EventPage> {
  const isUsuallyExact = store.capabilities.filtering === 'exact';
  /** Compiled when the first event needs it: most stores filter exactly. */
  let matches: Matcher | undefined;
  const deadline = query.deadlineMs === undefined ? Infinity : clock.monotonic() + query.deadlineMs;
  const events: StoredEvent[] = [];
  let bytes = 0;
  let scanned = 0;
  let request = query;
  for (;;) {
    const limit = isUsuallyExact ? query.limit - events.length : SUPERSET_ROWS;
    const { superset = false, ...page } = await queryStore(store, clock, {
      ...request,
      limit,
      maxBytes: query.maxBytes - bytes,
    });
    const isExact = isUsuallyExact && !superset;
    scanned += page.statistics?.scanned ?? page.events.length;
    let next = page.next;
    // A size may require an encoding, so sizes are counted only where another page or a cut may follow.
    const countsBytes = !isExact || (page.next !== undefined && page.events.length < limit);
    for (const event of page.events) {
      if (!isExact && !(matches ??= createMatcher(query.filter))(event)) continue;
      events.push(event);
      if (countsBytes) bytes += encodedSize(event);
      const isFull = events.length >= query.limit || bytes >= query.maxBytes;
      if (!isFull || event === page.events.at(-1)) continue;
      next = { timestamp: toMicros(event.timestamp), sequence: event.sequence };
      break;
    }
    const isFull = events.length >= query.limit || bytes >= query.maxBytes;
    const remainingMs = deadline - clock.monotonic();
    if (next === undefined || isFull || !page.complete || remainingMs <= 0) {
      const statistics = { ...page.statistics, scanned };
      const rest = next === undefined ? {} : { next };
      return {
        ...page,
        events,
        ...rest,
        complete: page.complete && (next === undefined || isFull),
        statistics,
      };
    }
    request = {
      ...query,
      after: next,
      asOf: page.asOf,
      ...(remainingMs === Infinity ? {} : { deadlineMs: remainingMs }),
    };
  }
}

/** Queries a store. @throws {VigilantError} `VIGILANT_STORE_UNAVAILABLE` when it does not answer soon after the deadline. */
function queryStore(store: Store, clock: Clock, query: EventQuery): ReturnType<Store['query']> {
  const { deadlineMs, signal } = query;
  const answer = store.query(query);
  if (deadlineMs === undefined) return answer;
  return timelyAnswer(answer, clock, signal === undefined ? { deadlineMs } : { deadlineMs, signal });
}
