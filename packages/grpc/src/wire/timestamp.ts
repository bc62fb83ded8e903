import type { TimestampInput } from '@vigilant/core';
import { formatTimestamp, fromMicros, toMicros } from '@vigilant/core';
import type { Duration, Timestamp } from '../generated/google-protobuf';
import { fieldError } from './field-error';
import { toBigInt, toNumber } from './int64';

/** Seconds within which microseconds are exact; core's own bound is narrower. */
const MAX_EXACT_SECONDS = 2 ** 53 / 1e6;

/** From here on core takes an integer for microseconds. */
const CERTAIN_MICROS = 1e14;

/**
 * Makes a timestamp input of what came over the wire, cut to microseconds.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` when `nanos` is out of range. Whether the time is, core says.
 */
export function toTimestampInput({ seconds, nanos = 0 }: Timestamp): TimestampInput {
  if (nanos < 0 || nanos > 999_999_999)
    throw fieldError('timestamp.nanos', 'out_of_range', `${nanos} is not within a second`, '0–999999999');
  const whole = toNumber(seconds);
  // As nanoseconds such a time is out of core's range too, and its words are those of every door.
  if (Math.abs(whole) > MAX_EXACT_SECONDS) return toBigInt(seconds) * 1_000_000_000n + BigInt(nanos);
  const micros = whole * 1_000_000 + Math.floor(nanos / 1000);
  return Math.abs(micros) >= CERTAIN_MICROS ? micros : formatTimestamp(fromMicros(micros));
}

/** Makes a timestamp of milliseconds with the microseconds as fraction. */
export function toTimestamp(milliseconds: number): Timestamp {
  const micros = toMicros(milliseconds);
  const seconds = Math.floor(micros / 1_000_000);
  return { seconds, nanos: (micros - seconds * 1_000_000) * 1000 };
}

/** The other way round. */
export function fromTimestamp({ seconds, nanos = 0 }: Timestamp): number {
  return fromMicros(toNumber(seconds) * 1_000_000 + Math.floor(nanos / 1000));
}

/** Makes a duration of milliseconds. */
export function toDuration(milliseconds: number): Duration {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: Math.round((milliseconds - seconds * 1000) * 1_000_000) };
}

/** The other way round. */
export function fromDuration({ seconds, nanos = 0 }: Duration): number {
  return toNumber(seconds) * 1000 + nanos / 1_000_000;
}
