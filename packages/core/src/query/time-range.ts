import { VigilantError } from '../util/errors';
import type { TimestampInput } from '../event/event';
import { readTimestamp } from '../event/timestamp';
import { FaultError } from '../event/violations';
import type { Filter } from '../filter/ast';
import { parseDuration, parseRelativeTime, resolveFilter } from '../filter/time';
import { timeRangeOf } from '../filter/time-range-of';
import type { TimeRange } from '../contracts/vigilant';

/** Distance of the default end of a range from now, in milliseconds, because clocks of senders differ. */
const TOLERANCE_MS = 5 * 60_000;

type TimeBound = Extract<Filter, { kind: 'ordered' | 'relative' }>;

/**
 * Adds a time range to a filter. Relative times stay relative until `resolveFilter`.
 *
 * @throws {VigilantError} `VIGILANT_QUERY_INVALID` when a bound is not a time, or `since` is later than `until`.
 */
export function withinRange(filter: Filter, { since, until }: TimeRange, nowMs: number): Filter {
  const lower = since === undefined ? undefined : bound('since', '>=', since);
  const upper = until === undefined ? undefined : bound('until', '<', until);
  if (lower !== undefined && upper !== undefined) checkOrder(lower, upper, nowMs);
  const bounds = [lower, upper].filter((each) => each !== undefined);
  if (bounds.length === 0) return filter;
  return { kind: 'and', filters: filter.kind === 'all' ? bounds : [filter, ...bounds] };
}

/** A filter with a default end shortly after now, and the filter for the events that this end leaves out. */
export interface BoundedFilter {
  readonly filter: Filter;
  /** Matches the events beyond the default end; `undefined` when the filter has its own end. */
  readonly beyond?: Filter;
}

/**
 * Ends a filter `TOLERANCE_MS` after now, so that single events with a timestamp in the future neither lead every page
 * nor stretch a histogram. A filter keeps its own end, and a filter that begins in the future gets no default end.
 *
 * @param filter - Without relative times.
 */
export function addDefaultEnd(filter: Filter, nowMs: number): BoundedFilter {
  const { from = -Infinity, until } = timeRangeOf(filter);
  const end = Math.floor((nowMs + TOLERANCE_MS) * 1000);
  if (until !== undefined || from >= end) return { filter };
  return {
    filter: { kind: 'and', filters: [filter, { ...TIME, operator: '<', value: end }] },
    beyond: { kind: 'and', filters: [filter, { ...TIME, operator: '>=', value: end }] },
  };
}

const TIME = { kind: 'ordered', field: 'timestamp' } as const;

function bound(option: string, operator: '>=' | '<', input: TimestampInput): TimeBound {
  const offset = typeof input === 'string' ? readOffset(input) : undefined;
  if (offset !== undefined) return { kind: 'relative', operator, offset };
  return { ...TIME, operator, value: readTimeOption(option, input) };
}

/** Reads a relative time. A bare duration such as `2h` means that long ago. */
function readOffset(text: string): number | undefined {
  const duration = parseDuration(text);
  return duration === undefined ? parseRelativeTime(text) : 0 - duration;
}

/** Checks a bound of a range: an absolute or a relative time. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function checkTimeBound(option: string, input: TimestampInput): void {
  bound(option, '<', input);
}

/** Reads an absolute time as integer microseconds. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function readTimeOption(option: string, input: TimestampInput): number {
  try {
    return readTimestamp(input);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    const reason = `${error.fault.reason}; relative times such as 2h or now-2h are valid too`;
    throw new VigilantError('VIGILANT_QUERY_INVALID', `${option} ${reason}.`, {
      violations: [{ field: option, code: error.fault.code, reason }],
    });
  }
}

function checkOrder(lower: TimeBound, upper: TimeBound, nowMs: number): void {
  const [from, until] = [lower, upper].map((each) => resolveFilter(each, nowMs) as { value: number });
  if ((from?.value ?? 0) <= (until?.value ?? 0)) return;
  const reason = 'must not be later than until';
  throw new VigilantError('VIGILANT_QUERY_INVALID', `since ${reason}; swap the two.`, {
    violations: [{ field: 'since', code: 'out_of_range', reason }],
  });
}
