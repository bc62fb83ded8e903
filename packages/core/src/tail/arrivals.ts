import type { EventPage, EventQuery } from '../contracts/query';
import type { Store } from '../contracts/store';
import type { Filter } from '../filter/ast';
import { find } from '../query/find';
import type { Clock } from '../util/clock';

const PAGE_EVENTS = 1_000;
const PAGE_BYTES = 4 * 1024 * 1024;

/** Source of the stored events of a tail. */
export interface ArrivalSource {
  readonly store: Store;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Reads a page of stored events in order of arrival, after a sequence and up to another, inclusive. */
export function readArrivals(
  { store, clock, signal }: ArrivalSource,
  filter: Filter,
  sequence: number,
  asOf?: number,
): Promise<EventPage> {
  const query: EventQuery = {
    filter,
    order: 'arrival',
    after: { timestamp: 0, sequence },
    limit: PAGE_EVENTS,
    maxBytes: PAGE_BYTES,
    signal,
  };
  return find(store, asOf === undefined ? query : { ...query, asOf }, clock);
}
