import type { Clock } from '../util/clock';
import type { Store } from '../contracts/store';
import type { Beyond } from '../contracts/vigilant';
import type { Budget } from './budget';
import { find } from './find';
import type { BoundedFilter } from './time-range';

/** Maximum count of events beyond the default end. */
export const MAX_BEYOND = 100;

const PAGE_BYTES = 1024 * 1024;

/** Counts the matching events beyond the default end of a range, up to 100; see `addDefaultEnd`. */
export async function countBeyond(
  store: Store,
  clock: Clock,
  { beyond }: BoundedFilter,
  budget: Budget,
): Promise<Beyond> {
  if (beyond === undefined) return { beyond: 0 };
  const query = { filter: beyond, order: 'newest', limit: MAX_BEYOND, maxBytes: PAGE_BYTES } as const;
  const { events, complete } = await find(store, { ...query, ...budget() }, clock);
  return complete ? { beyond: events.length } : {};
}
