import { absolute, parseDuration, type Bounds, type TimeRange } from './range';
import { fieldsOf, timeOf, type Fields } from './zone';

const DAYS: Readonly<Record<string, number>> = { today: 0, yesterday: -1 };
const DAY = /^(today|yesterday|\d{4}-\d{1,2}-\d{1,2})(?:[T ]+(.+))?$/i;
const DURATION =
  /^(?:(?:last|past) |now ?- ?|-)?(\d+) ?(ms|millis(?:econds?)?|s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hours?|d|days?|w|weeks?)$/i;
const CLOCK = /^(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?(?:[.,](\d{1,6}))?$/;
/** Limits of epochs in seconds, milliseconds and microseconds. Larger ones are in nanoseconds. */
const EPOCH_UNITS = [1e11, 1e14, 1e17] as const;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Parses what a user types into the time range field. Returns `undefined` if it is not a range.
 *
 * Accepts durations (`15m`, `last 3 hours`), days (`yesterday`, `2026-03-04`), times of a day (`9-10`, `yesterday 9:30-10`),
 * ISO 8601 times and epochs, single or as `from - to`, `from..to` or `from to to`. A single ISO time or epoch is a minute
 * around it.
 */
export function parseRange(text: string, now: number, zone: string): TimeRange | undefined {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  if (/^(all|all time|everything)$/i.test(trimmed)) return { kind: 'all' };
  const last = durationOf(trimmed);
  if (last !== undefined) return { kind: 'relative', last };
  const bounds =
    parseDay(trimmed, now, zone) ?? parsePair(trimmed, now, zone) ?? parseSingle(trimmed, now, zone);
  if (bounds === undefined || !(bounds.from < bounds.to)) return undefined;
  return Math.abs(bounds.from) < 8e15 && Math.abs(bounds.to) < 8e15 ? absolute(bounds) : undefined;
}

/** Returns the duration of a relative range in its short form, such as `15m`. */
function durationOf(text: string): string | undefined {
  const [, count, word = ''] = DURATION.exec(text) ?? [];
  const unit = /^mi?l?l?i?s/i.test(word) ? 'ms' : word.charAt(0).toLowerCase();
  const duration = `${count}${unit}`;
  return parseDuration(duration) === undefined ? undefined : duration;
}

/** Parses a day with times of that day, or only times, which are those of today. */
function parseDay(text: string, now: number, zone: string): Bounds | undefined {
  const [, day, rest] = DAY.exec(text) ?? [];
  const start = day === undefined ? startOfDay(now, zone, 0) : dayOf(day, now, zone);
  if (start === undefined) return undefined;
  if (day !== undefined && rest === undefined) return wholeDay(start, zone);
  const clocks = (rest ?? text).split(/ ?(?:-|–|\.\.| to ) ?/);
  const [from, to] = clocks.map((clock) => parseClock(clock, start, zone));
  if (clocks.length !== 2 || from === undefined || to === undefined) return undefined;
  // A range that ends before it begins ends on the next day.
  return { from, to: to > from ? to : to + DAY_MS };
}

function parsePair(text: string, now: number, zone: string): Bounds | undefined {
  const [first, second, ...more] = text.split(/ - | – | to |\.\.|\//);
  if (first === undefined || second === undefined || more.length > 0) return undefined;
  const from = parseTime(first, now, zone);
  const to = /^now$/i.test(second.trim()) ? now : parseTime(second, now, zone);
  return from === undefined || to === undefined ? undefined : { from, to };
}

function parseSingle(text: string, now: number, zone: string): Bounds | undefined {
  const time = parseTime(text, now, zone);
  return time === undefined ? undefined : { from: time - MINUTE_MS / 2, to: time + MINUTE_MS / 2 };
}

/** Parses an epoch, an ISO time with or without an offset, or a day with a time. */
function parseTime(input: string, now: number, zone: string): number | undefined {
  const text = input.trim();
  if (/^-?\d{9,19}$/.test(text)) return epochOf(Number(text));
  if (/(Z|[+-]\d{2}:?\d{2})$/i.test(text) && /^\d{4}-\d{2}-\d{2}T/i.test(text)) {
    const time = Date.parse(text);
    return Number.isNaN(time) ? undefined : time;
  }
  const [, day, rest] = DAY.exec(text) ?? [];
  const start = day === undefined ? undefined : dayOf(day, now, zone);
  if (start === undefined) return undefined;
  return rest === undefined ? start : parseClock(rest, start, zone);
}

function epochOf(value: number): number {
  const unit = EPOCH_UNITS.findIndex((limit) => Math.abs(value) < limit);
  return [value * 1_000, value, value / 1_000][unit] ?? value / 1_000_000;
}

/** Returns the start of a named day or a date, or `undefined` if the date does not exist. */
function dayOf(text: string, now: number, zone: string): number | undefined {
  const offset = DAYS[text.toLowerCase()];
  if (offset !== undefined) return startOfDay(now, zone, offset);
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const start = timeOf({ year, month, day, hour: 0, minute: 0, second: 0 }, zone);
  const found = fieldsOf(start, zone);
  return found.month === month && found.day === day ? start : undefined;
}

function startOfDay(now: number, zone: string, offset: number): number {
  const { year, month, day } = fieldsOf(now, zone);
  return timeOf({ year, month, day: day + offset, hour: 0, minute: 0, second: 0 }, zone);
}

/** A day has 23 or 25 hours where clocks change. */
function wholeDay(start: number, zone: string): Bounds {
  const { year, month, day } = fieldsOf(start, zone);
  return { from: start, to: timeOf({ year, month, day: day + 1, hour: 0, minute: 0, second: 0 }, zone) };
}

function parseClock(text: string, start: number, zone: string): number | undefined {
  const [match, hour, minute = 0, second = 0, fraction = ''] = CLOCK.exec(text.trim()) ?? [];
  const isGood = Number(hour) <= 24 && Number(minute) < 60 && Number(second) < 60;
  if (match === undefined || !isGood) return undefined;
  const { year, month, day } = fieldsOf(start, zone);
  const fields: Fields = {
    year,
    month,
    day,
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
  return timeOf(fields, zone) + Number(`0.${fraction || 0}`) * 1_000;
}
