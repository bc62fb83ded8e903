/** A time range as the user selected it. Times are ISO 8601 in UTC. */
export type TimeRange =
  | { readonly kind: 'all' }
  /** Up to now. `last` is a duration such as `15m`. */
  | { readonly kind: 'relative'; readonly last: string }
  /** `until` is exclusive; without it the range has no end. `last` is the relative range that it came from. */
  | {
      readonly kind: 'absolute';
      readonly since: string;
      readonly until?: string | undefined;
      readonly last?: string | undefined;
    };

/** Bounds in milliseconds since the epoch. `to` is exclusive. */
export interface Bounds {
  readonly from: number;
  readonly to: number;
}

export const PRESETS = ['5m', '15m', '1h', '6h', '24h', '7d', '30d'] as const;

export const DEFAULT_RANGE: TimeRange = { kind: 'relative', last: '1h' };

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A range never becomes narrower than this when zooming in. */
const MIN_WIDTH_MS = 10;
/** A range never becomes wider than this when zooming out: 20 years. */
const MAX_WIDTH_MS = 20 * 365 * 86_400_000;

/** Parses a duration such as `15m` to milliseconds. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9})(ms|s|m|h|d|w)$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit ?? ''] ?? NaN);
  return ms > 0 && ms <= MAX_WIDTH_MS ? ms : undefined;
}

/** Splits a duration such as `15m` into its number and unit. */
export function splitDuration(text: string): { readonly count: number; readonly unit: string } {
  const [, count, unit] = /^(\d+)([a-z]+)$/.exec(text) ?? [];
  return { count: Number(count ?? 0), unit: unit ?? 'ms' };
}

/** Returns the bounds of a range, or `undefined` if it has none. */
export function boundsOf(range: TimeRange, now: number): Bounds | undefined {
  switch (range.kind) {
    case 'all':
      return undefined;
    case 'relative':
      return { from: now - (parseDuration(range.last) ?? 0), to: now };
    case 'absolute': {
      const from = Date.parse(range.since);
      return { from, to: range.until === undefined ? Math.max(now, from + 1) : Date.parse(range.until) };
    }
  }
}

/** Creates an absolute range of whole milliseconds. */
export function absolute({ from, to }: Bounds, last?: string): TimeRange {
  return { kind: 'absolute', since: isoOf(from), until: isoOf(to), ...(last === undefined ? {} : { last }) };
}

/** Returns the range in the form of the API. */
export function rangeParameters(range: TimeRange): { readonly since?: string; readonly until?: string } {
  switch (range.kind) {
    case 'all':
      return {};
    case 'relative':
      return { since: range.last };
    case 'absolute':
      return { since: range.since, ...(range.until === undefined ? {} : { until: range.until }) };
  }
}

/** Moves a range by half its width: back for -1, forward for 1, but not beyond now. */
export function shiftRange(range: TimeRange, direction: -1 | 1, now: number): TimeRange {
  const bounds = boundsOf(range, now);
  if (bounds === undefined) return range;
  const step = ((bounds.to - bounds.from) / 2) * direction;
  return endBy(now, bounds, { from: bounds.from + step, to: bounds.to + step }, lastOf(range));
}

/** Doubles the width of a range for 'out', halves it for 'in', around its middle, but not beyond now. */
export function zoomRange(range: TimeRange, direction: 'in' | 'out', now: number): TimeRange {
  const bounds = boundsOf(range, now);
  if (bounds === undefined) return range;
  const width = (bounds.to - bounds.from) * (direction === 'in' ? 0.5 : 2);
  const half = Math.min(Math.max(width, MIN_WIDTH_MS), MAX_WIDTH_MS) / 2;
  const middle = (bounds.from + bounds.to) / 2;
  return endBy(now, bounds, { from: middle - half, to: middle + half }, lastOf(range));
}

/**
 * Returns changed bounds as a range. If they reach into the future and those before did not, the range ends now instead. If
 * it then has the width of the relative range that it came from, that range is returned.
 */
function endBy(now: number, before: Bounds, { from, to }: Bounds, last?: string): TimeRange {
  if (to <= now || before.to > now) return absolute({ from, to }, last);
  if (last !== undefined && parseDuration(last) === to - from) return { kind: 'relative', last };
  return absolute({ from: from + now - to, to: now }, last);
}

/** Returns the relative range that a range is or came from. */
export function lastOf(range: TimeRange): string | undefined {
  return range.kind === 'all' ? undefined : range.last;
}

const isoOf = (ms: number): string => new Date(Math.round(ms)).toISOString();
