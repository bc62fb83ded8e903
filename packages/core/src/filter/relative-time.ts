import { MAX_TIME_MICROS } from '../event/limits';

/** Microseconds of each unit, largest first. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['w', 604_800_000_000],
  ['d', 86_400_000_000],
  ['h', 3_600_000_000],
  ['m', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1000],
]);

const RELATIVE = /^now(?:([+-])(\d{1,16})(ms|[smhdw]))?$/;

/** Reads `now`, `now-2h` or `now+5m` as microseconds from now; anything else is `undefined`. */
export function parseRelativeTime(text: string): number | undefined {
  const [found, sign, digits = '0', unit = 's'] = RELATIVE.exec(text) ?? [];
  if (found === undefined) return undefined;
  const offset = Number(digits) * (UNITS.get(unit) ?? 0);
  if (offset > MAX_TIME_MICROS) return undefined;
  return sign === '-' && offset !== 0 ? -offset : offset;
}

/** Writes microseconds from now, a whole number of milliseconds, as `parseRelativeTime` reads it. */
export function formatRelativeTime(offset: number): string {
  if (offset === 0) return 'now';
  const size = Math.abs(offset);
  for (const [unit, micros] of UNITS) {
    if (size % micros === 0) return `now${offset < 0 ? '-' : '+'}${size / micros}${unit}`;
  }
  throw new RangeError('A relative time is a whole number of milliseconds.');
}
