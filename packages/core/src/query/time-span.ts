import type { Clock } from '../util/clock';
import type { EventOrder } from '../contracts/query';
import type { Store } from '../contracts/store';
import { toMicros } from '../event/timestamp';
import type { Filter } from '../filter/ast';
import { timeRangeOf } from '../filter/time-range-of';
import type { Budget } from './budget';
import { find } from './find';

const PAGE_BYTES = 1024 * 1024;

/** The range that a histogram covers, in microseconds, `until` exclusive. */
export interface TimeSpan {
  readonly from: number;
  readonly until: number;
}

/** Dependencies and filters of `findTimeSpan`. */
export interface TimeSpanRequest {
  readonly store: Store;
  readonly clock: Clock;
  /** The filter of the caller, without relative times. Its own bounds are kept. */
  readonly requested: Filter;
  /** The same with the default end, see `addDefaultEnd`. */
  readonly filter: Filter;
  readonly nowMs: number;
  readonly budget: Budget;
}

/**
 * Finds the range of a histogram: the bounds of the filter if it has any, otherwise the earliest and the latest matching
 * event. A range with a given start and no end lasts at least until now.
 *
 * @returns `span` is `undefined` when no event matches; `complete` is `false` when the deadline ended the search.
 */
export async function findTimeSpan(
  request: TimeSpanRequest,
): Promise<{ readonly span?: TimeSpan; readonly complete: boolean }> {
  const requested = timeRangeOf(request.requested);
  const first = requested.from === undefined ? await edge(request, 'oldest') : undefined;
  if (first !== undefined && first.micros === undefined) return { complete: first.complete };
  const from = requested.from ?? (first?.micros as number);
  if (requested.until !== undefined) return toSpan(from, requested.until);
  const last = await edge(request, 'newest');
  if (!last.complete) return { complete: false };
  if (requested.from === undefined) return toSpan(from, (last.micros ?? from) + 1);
  return toSpan(from, Math.max(toMicros(request.nowMs), (last.micros ?? from) + 1));
}

function toSpan(from: number, until: number): { readonly span?: TimeSpan; readonly complete: boolean } {
  return until > from ? { span: { from, until }, complete: true } : { complete: true };
}

/** Finds the time of the first matching event in an order. */
async function edge(
  { store, clock, filter, budget }: TimeSpanRequest,
  order: EventOrder,
): Promise<{ readonly micros?: number; readonly complete: boolean }> {
  const page = await find(store, { filter, order, limit: 1, maxBytes: PAGE_BYTES, ...budget() }, clock);
  const [event] = page.events;
  return event === undefined
    ? { complete: page.complete }
    : { micros: toMicros(event.timestamp), complete: true };
}
