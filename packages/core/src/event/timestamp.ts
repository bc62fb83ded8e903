import { toMicros } from './micros';
import { excerpt } from './text';
import { fault, invalidEvent, FaultError } from './violations';

/** Timestamps lie within this many microseconds of 1970: ±2^43 milliseconds. */
export const MAX_MICROS = 2 ** 43 * 1000;

const DIGITS = /^[+-]?\d{1,40}$/;

const ISO =
  /^(\d{4}|[+-]\d{6})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,30}))?)?\s?([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/;

/**
 * Reads a point of time as integer microseconds since 1970.
 *
 * A Date; ISO 8601, where no zone means UTC and digits beyond microseconds are cut off; or an integer epoch as number,
 * bigint or digits, whose size decides its unit: below 1e11 seconds, below 1e14 milliseconds, below 1e17 microseconds,
 * else nanoseconds. Seconds and milliseconds given as a number may have a fraction.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` with a violation of the field `timestamp`.
 */
export function parseTimestamp(value: unknown): number {
  try {
    return readTimestamp(value);
  } catch (error) {
    if (error instanceof FaultError) throw invalidEvent([{ field: 'timestamp', ...error.fault }]);
    throw error;
  }
}

/** As `parseTimestamp`. @throws {FaultError} */
export function readTimestamp(value: unknown): number {
  switch (typeof value) {
    case 'number':
      return inRange(fromNumber(value));
    case 'bigint':
      return fromEpoch(value);
    case 'string':
      return DIGITS.test(value) ? fromEpoch(BigInt(value)) : inRange(fromIso(value));
    default:
      if (value instanceof Date) return inRange(value.getTime() * 1000);
      throw fault('wrong_type', `must be a Date, an ISO 8601 text or an integer epoch, not ${typeof value}`);
  }
}

/** Writes milliseconds as ISO 8601 in UTC with six digits of a second. */
export function formatTimestamp(milliseconds: number): string {
  const micros = toMicros(milliseconds);
  const whole = Math.floor(micros / 1000);
  const rest = String(micros - whole * 1000).padStart(3, '0');
  return `${new Date(whole).toISOString().slice(0, -1)}${rest}Z`;
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
  throw fault('malformed', `${value} is no time; microseconds and nanoseconds must be whole`);
}

function fromEpoch(value: bigint): number {
  const size = value < 0n ? -value : value;
  if (size < 10n ** 17n) return inRange(fromNumber(Number(value)));
  const micros = value / 1000n;
  return inRange(Number(value < 0n && value % 1000n !== 0n ? micros - 1n : micros));
}

function fromIso(text: string): number {
  const match = ISO.exec(text.trim());
  if (match === null)
    throw fault(
      'malformed',
      `"${excerpt(text)}" is no time; give ISO 8601 such as 2026-01-31T12:00:00Z, or an epoch`,
    );
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isReal || hour > 23 || minute > 59 || second > 59)
    throw fault('out_of_range', `"${excerpt(text)}" is no time of the calendar`);
  const seconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offsetSeconds(match[8], text);
  return seconds * 1_000_000 + Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'));
}

function offsetSeconds(zone: string | undefined, text: string): number {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', ''));
  if (hours > 23 || minutes > 59)
    throw fault('out_of_range', `"${excerpt(text)}" has no zone of the calendar`);
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}

function inRange(micros: number): number {
  if (Math.abs(micros) <= MAX_MICROS) return micros + 0;
  throw fault('out_of_range', 'is not within 2^43 milliseconds of 1970', '±2^43 ms');
}
