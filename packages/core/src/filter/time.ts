import { MAX_TIME_MICROS } from '../event/limits';
import { readTimestamp, toMicros } from '../event/timestamp';
import { FaultError } from '../event/violations';
import { excerpt } from '../util/text';
import type { Filter } from './ast';
import { mapLeaves } from './build';
import type { Reject } from './values';

/** Length of each unit in microseconds, longest first. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['w', 604_800_000_000],
  ['d', 86_400_000_000],
  ['h', 3_600_000_000],
  ['m', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1000],
]);

/** A bare duration, such as `2h`. */
const DURATION = /^\d{1,16}(?:ms|[smhdw])$/;

const RELATIVE = /^now(?:([+-])(\d{1,16})(ms|[smhdw]))?$/;

/** Parses an absolute time by the rules of event timestamps. Returns integer microseconds. */
export function parseTime(time: string | number, reject: Reject): number {
  try {
    return readTimestamp(time);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    const { reason } = error.fault;
    return reject(
      `Expected a time, but "${excerpt(String(time))}" ${reason}. Relative times such as now-2h are valid too (units: ms, s, m, h, d, w)`,
    );
  }
}

/** Formats integer microseconds as ISO 8601 in UTC, without trailing zeros of the fraction. */
export function formatTime(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const fraction = String(micros - seconds * 1_000_000).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`.replace(/\.?0+Z$/, 'Z');
}

/** Parses `now`, `now-2h` or `now+5m` to an offset in microseconds; returns `undefined` for other text. */
export function parseRelativeTime(text: string): number | undefined {
  const [found, sign, digits = '0', unit = 's'] = RELATIVE.exec(text) ?? [];
  if (found === undefined) return undefined;
  const offset = Number(digits) * (UNITS.get(unit) ?? 0);
  if (offset > MAX_TIME_MICROS) return undefined;
  return sign === '-' && offset !== 0 ? -offset : offset;
}

/** Parses a duration such as `2h` to microseconds; returns `undefined` for other text. */
export function parseDuration(text: string): number | undefined {
  return DURATION.test(text) ? parseRelativeTime(`now+${text}`) : undefined;
}

/** Formats an offset in microseconds, a whole number of milliseconds, for `parseRelativeTime`. */
export function formatRelativeTime(offset: number): string {
  if (offset === 0) return 'now';
  const size = Math.abs(offset);
  for (const [unit, micros] of UNITS) {
    if (size % micros === 0) return `now${offset < 0 ? '-' : '+'}${size / micros}${unit}`;
  }
  throw new RangeError('A relative time must be a whole number of milliseconds.');
}

/**
 * Replaces relative times by absolute ones, limited to the range of timestamps.
 *
 * @param nowMs - Current time in milliseconds since the epoch, with microseconds as the fraction.
 */
export function resolveFilter(filter: Filter, nowMs: number): Filter {
  const now = toMicros(nowMs);
  return mapLeaves(filter, (leaf) => {
    if (leaf.kind !== 'relative') return leaf;
    const value = Math.max(-MAX_TIME_MICROS, Math.min(now + leaf.offset, MAX_TIME_MICROS));
    return { kind: 'ordered', field: 'timestamp', operator: leaf.operator, value };
  });
}
