import { describeValue } from '../util/text';
import { MAX_TIME_MICROS } from './limits';
import { fault, invalidEvent, FaultError } from './violations';

/** The largest epoch, in nanoseconds. */
const MAX_NANOS = BigInt(MAX_TIME_MICROS) * 1000n;

const DIGITS = /^[+-]?\d{1,40}$/;
const YEAR = /^\d{4}$/;
const COMPACT_DATE = /^(\d{4})(\d\d)(\d\d)$/;

/**
 * Digits that could be a date or an epoch: fewer than nine digits are an epoch before 1974, and twelve digits that start
 * like a year are a date with hours and minutes, or an epoch in milliseconds.
 */
const AMBIGUOUS = /^[+-]?\d{1,8}$|^(?:19|20)\d{10}$/;

const ISO =
  /^(\d{4}|[+-]\d{6})-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,30}))?)?\s?([Zz]|[+-]\d\d(?::?\d\d)?)?)?)?$/;

/**
 * Parses a timestamp to integer microseconds since 1970.
 *
 * Accepts a Date; ISO 8601 text, where no zone means UTC and digits beyond microseconds are truncated; or an integer epoch as
 * a number, a bigint or digits. The size of an epoch determines its unit: below 1e11 seconds, below 1e14 milliseconds, below
 * 1e17 microseconds, otherwise nanoseconds. Seconds and milliseconds may have a fraction if they are a number.
 *
 * Text of four digits is a year and text of eight digits a date, as in ISO 8601. Other text of fewer than nine digits is
 * ambiguous and rejected, as is text of twelve digits that starts with 19 or 20. A year, month or date means its first
 * microsecond. A leap second means the last microsecond before the next minute.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` with a violation of the field `timestamp`. The error does not quote the
 * value.
 */
export function parseTimestamp(value: unknown): number {
  try {
    return readTimestamp(value);
  } catch (error) {
    if (error instanceof FaultError) throw invalidEvent([{ field: 'timestamp', ...error.fault }]);
    throw error;
  }
}

/** Parses a timestamp as `parseTimestamp` does. @throws {FaultError} */
export function readTimestamp(value: unknown): number {
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) throw fault('malformed', 'is not a finite number');
      return inRange(fromNumber(value));
    case 'bigint':
      return inRange(fromEpoch(value));
    case 'string':
      return inRange(DIGITS.test(value) ? fromDigits(value) : fromIso(value));
    default:
      if (value instanceof Date) return inRange(fromDate(value));
      throw fault(
        'wrong_type',
        `must be a Date, ISO 8601 text or an integer epoch, not ${describeValue(value)}`,
      );
  }
}

/** Number of recent seconds whose text is cached. Most events fall into a few of them. */
const RECENT_SECONDS = 64;
const recentSeconds = new Float64Array(RECENT_SECONDS).fill(NaN);
const recentTexts: string[] = [];

/** Formats milliseconds since the epoch as ISO 8601 in UTC with six fractional digits. */
export function formatTimestamp(milliseconds: number): string {
  const micros = toMicros(milliseconds);
  const second = Math.floor(micros / 1_000_000);
  const place = Math.abs(second) % RECENT_SECONDS;
  if (recentSeconds[place] !== second) {
    recentTexts[place] = new Date(second * 1000).toISOString().slice(0, -'000Z'.length);
    recentSeconds[place] = second;
  }
  return `${recentTexts[place]}${String(micros - second * 1_000_000).padStart(6, '0')}Z`;
}

/** Converts milliseconds with a fraction to integer microseconds. Exact within ±2^43 ms. */
export function toMicros(milliseconds: number): number {
  const whole = Math.floor(milliseconds);
  return whole * 1000 + Math.round((milliseconds - whole) * 1000);
}

/** Converts integer microseconds to milliseconds with the microseconds as the fraction. */
export function fromMicros(micros: number): number {
  return micros / 1000;
}

function fromDate(date: Date): number {
  const milliseconds = date.getTime();
  if (Number.isNaN(milliseconds)) throw fault('malformed', 'is an invalid Date');
  return milliseconds * 1000;
}

function fromNumber(value: number): number {
  const size = Math.abs(value);
  if (Number.isInteger(value)) {
    if (size < 1e11) return value * 1_000_000;
    if (size < 1e14) return value * 1000;
    return size < 1e17 ? value : Math.floor(value / 1000);
  }
  if (size < 1e11) return Math.round(value * 1_000_000);
  if (size < 1e14) return toMicros(value);
  throw fault('malformed', 'is not a valid time; microseconds and nanoseconds must be integers');
}

function fromDigits(text: string): number {
  if (YEAR.test(text)) return fromIso(`${text}-01`);
  if (COMPACT_DATE.test(text)) return fromIso(text.replace(COMPACT_DATE, '$1-$2-$3'));
  if (!AMBIGUOUS.test(text)) return fromEpoch(BigInt(text));
  throw fault('malformed', 'may be a date or an epoch; write 2026-01-31, or the epoch as a number');
}

function fromEpoch(value: bigint): number {
  if (value > MAX_NANOS || value < -MAX_NANOS) return Infinity;
  const size = value < 0n ? -value : value;
  if (size < 10n ** 17n) return fromNumber(Number(value));
  const micros = value / 1000n;
  return Number(value < 0n && value % 1000n !== 0n ? micros - 1n : micros);
}

function fromIso(text: string): number {
  const match = ISO.exec(text.trim());
  if (match === null)
    throw fault('malformed', 'is not a valid time; write ISO 8601 such as 2026-01-31T12:00:00Z, or an epoch');
  const field = (index: number, missing: number): number => Number(match[index] ?? missing);
  const days = toDays(field(1, 0), field(2, 1), field(3, 1));
  const [hour, minute, second] = [field(4, 0), field(5, 0), field(6, 0)];
  if (days === undefined || hour > 23 || minute > 59 || second > 60)
    throw fault('out_of_range', 'is not a valid date and time');
  const seconds = days * DAY_SECONDS + hour * 3600 + minute * 60 + second - offsetSeconds(match[8]);
  if (second === 60) return fromLeapSecond(seconds);
  return seconds * 1_000_000 + Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'));
}

const DAY_SECONDS = 86_400;

/** Returns days since 1970; `undefined` for an invalid date. */
function toDays(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? date.getTime() / (DAY_SECONDS * 1000) : undefined;
}

/** Converts a leap second, the last second of a month in UTC. `after` is its end on a clock without leap seconds. */
function fromLeapSecond(after: number): number {
  const date = new Date(after * 1000);
  if (after % DAY_SECONDS === 0 && date.getUTCDate() === 1) return after * 1_000_000 - 1;
  throw fault('out_of_range', 'is not a valid date and time; a leap second ends a month in UTC');
}

function offsetSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', ''));
  if (hours > 23 || minutes > 59) throw fault('out_of_range', 'does not have a valid time zone offset');
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}

function inRange(micros: number): number {
  if (Math.abs(micros) <= MAX_TIME_MICROS) return micros + 0;
  throw fault('out_of_range', 'is not within 2^43 milliseconds of 1970', '±2^43 ms');
}
