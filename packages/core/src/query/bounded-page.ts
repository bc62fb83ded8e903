import type { EventPage, EventPosition, EventQuery } from '../contracts/query';
import type { Store } from '../contracts/store';
import type { Beyond } from '../contracts/vigilant';
import { totalEncodedSize } from '../event/codec';
import type { StoredEvent } from '../event/event';
import { toMicros } from '../event/timestamp';
import type { Filter } from '../filter/ast';
import { timeRangeOf } from '../filter/time-range-of';
import type { Clock } from '../util/clock';
import { MAX_BEYOND, countBeyond } from './beyond';
import type { Budget } from './budget';
import { find } from './find';
import type { BoundedFilter } from './time-range';

/** A query for a page of a range that may have a default end. */
export interface BoundedQuery {
  readonly store: Store;
  readonly clock: Clock;
  readonly budget: Budget;
  /** The filter of the caller, without relative times. */
  readonly requested: Filter;
  /** The same with the default end, see `addDefaultEnd`. */
  readonly bounded: BoundedFilter;
  /** The rest of the query. */
  readonly rest: Pick<EventQuery, 'order' | 'limit' | 'maxBytes' | 'after' | 'asOf'>;
}

/** A page, and the count of the events beyond the default end. */
export interface BoundedPage {
  readonly page: EventPage;
  readonly beyond: Beyond;
}

/** Finds a page up to the default end of its range, and counts the matching events beyond that end. */
export async function findBoundedPage(query: BoundedQuery): Promise<BoundedPage> {
  const { store, clock, budget, bounded, rest } = query;
  const startsAtNewest = rest.order === 'newest' && rest.after === undefined;
  if (bounded.beyond !== undefined && startsAtNewest) return findNewest(query);
  const [page, beyond] = await Promise.all([
    find(store, { ...rest, ...budget(), filter: bounded.filter }, clock),
    countBeyond(store, clock, bounded, budget),
  ]);
  return { page, beyond };
}

/**
 * Finds the newest events without the default end, and removes those beyond it. They come first, so one request is enough
 * if there are none, which is the usual case.
 */
async function findNewest(query: BoundedQuery): Promise<BoundedPage> {
  const { store, clock, budget, requested, bounded, rest } = query;
  const { until: end = Infinity } = timeRangeOf(bounded.filter);
  const top = await find(store, { ...rest, ...budget(), filter: requested }, clock);
  const events = top.events.filter(({ timestamp }) => toMicros(timestamp) < end);
  const later = top.events.length - events.length;
  const { next } = top;
  const needsMore = later > 0 && top.complete && next !== undefined;
  const isCounted = events.length > 0 || (top.complete && next === undefined);
  const [page, beyond] = await Promise.all([
    needsMore ? fillPage(query, top, events, next) : { ...top, events },
    isCounted ? { beyond: Math.min(later, MAX_BEYOND) } : countBeyond(store, clock, bounded, budget),
  ]);
  return { page, beyond };
}

/** Continues a page after a position, in place of the events that were removed from it. */
async function fillPage(
  { store, clock, budget, bounded, rest }: BoundedQuery,
  { asOf, statistics }: EventPage,
  kept: readonly StoredEvent[],
  after: EventPosition,
): Promise<EventPage> {
  const keptBytes = totalEncodedSize(kept);
  const page = await find(
    store,
    {
      ...budget(),
      filter: bounded.filter,
      order: rest.order,
      after,
      asOf,
      limit: rest.limit - kept.length,
      maxBytes: rest.maxBytes - keptBytes,
    },
    clock,
  );
  const scanned = (statistics?.scanned ?? 0) + (page.statistics?.scanned ?? 0);
  return { ...page, events: [...kept, ...page.events], statistics: { ...page.statistics, scanned } };
}
