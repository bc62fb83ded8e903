import type { TimestampInput } from '@vigilant/core';
import { formatTimestamp } from '@vigilant/core';
import { fromMicros, toMicros } from '@vigilant/core/adapter';
import type { Duration, Timestamp } from '../generated/google-protobuf';
import { invalidField } from './invalid-field';
import { toNumber } from './int64';

/** Maximum number of seconds that core accepts. */
export const MAX_SECONDS = Math.floor(2 ** 43 / 1e3);

/** Minimum number of seconds that core accepts; `nanos` is added to it. */
const MIN_SECONDS = Math.floor(-(2 ** 43) / 1e3);

export const MAX_NANOS = 999_999_999;

/** Magnitude from which core reads an integer as microseconds. */
const MIN_EPOCH_MICROS = 1e14;

/**
 * Converts a Timestamp to an input, truncated to microseconds.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` if `seconds` or `nanos` is out of range.
 */
export function toTimestampInput({ seconds, nanos = 0 }: Timestamp): TimestampInput {
  if (nanos < 0 || nanos > MAX_NANOS)
    throw invalidField(
      'VIGILANT_EVENT_INVALID',
      'timestamp.nanos',
      'out_of_range',
      `must be from 0 to ${MAX_NANOS}, not ${nanos}`,
      `0–${MAX_NANOS}`,
    );
  const whole = toNumber(seconds);
  if (whole < MIN_SECONDS || whole > MAX_SECONDS)
    throw invalidField(
      'VIGILANT_EVENT_INVALID',
      'timestamp',
      'out_of_range',
      'is not within 2^43 milliseconds of 1970; pass seconds, not milliseconds, microseconds or nanoseconds',
      '±2^43 ms',
    );
  const micros = toEpochMicros(whole, nanos);
  return Math.abs(micros) >= MIN_EPOCH_MICROS ? micros : formatTimestamp(fromMicros(micros));
}

/** Returns integer microseconds since the epoch; truncates nanoseconds. */
export function toEpochMicros(seconds: number, nanos: number): number {
  return seconds * 1_000_000 + Math.floor(nanos / 1000);
}

/** Converts milliseconds, with microseconds as the fraction, to a Timestamp. */
export function toTimestamp(milliseconds: number): Timestamp {
  const micros = toMicros(milliseconds);
  const seconds = Math.floor(micros / 1_000_000);
  return { seconds, nanos: (micros - seconds * 1_000_000) * 1000 };
}

/** Converts a Timestamp to milliseconds, with microseconds as the fraction. */
export function fromTimestamp({ seconds, nanos = 0 }: Timestamp): number {
  return fromMicros(toEpochMicros(toNumber(seconds), nanos));
}

/** Converts milliseconds to a Duration. */
export function toDuration(milliseconds: number): Duration {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: Math.round((milliseconds - seconds * 1000) * 1_000_000) };
}

/** Converts a Duration to milliseconds. */
export function fromDuration({ seconds, nanos = 0 }: Duration): number {
  return toNumber(seconds) * 1000 + nanos / 1_000_000;
}
