import type { ByteTexts } from '../bytes/byte-texts';
import { HEX_VALUES } from '../bytes/hex';

const LENGTH = 36;
const HYPHEN = 0x2d;
/** Offset of the digit that states the version. */
const VERSION_AT = 14;
const SEVEN = 0x37;

/** Maximum distance between the time in an id and the arrival of its event, in milliseconds. */
const PROMPT_MS = 10_000;

/** Returns the times in ids that are lower-case UUIDv7s with hyphens, in milliseconds; `NaN` for other ids. */
export function timesOfUuid7s({ bytes, starts, ends }: ByteTexts): Float64Array {
  const times = new Float64Array(starts.length);
  for (let index = 0; index < times.length; index++)
    times[index] = timeAt(bytes, starts[index] as number, ends[index] as number);
  return times;
}

/**
 * Returns whether an id is a UUIDv7 made within 10 s of the arrival of its event. A block that contains a prompt id has
 * the time of the id within `IdBounds.idTimes`.
 *
 * @param time - The time in the id in milliseconds; `NaN` if the id is not a UUIDv7.
 * @param receivedAt - The arrival in microseconds.
 */
export function isPrompt(time: number, receivedAt: number): boolean {
  return Math.abs(time - receivedAt / 1000) <= PROMPT_MS;
}

function timeAt(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== LENGTH || bytes[start + VERSION_AT] !== SEVEN) return NaN;
  for (let position = 0; position < LENGTH; position++) {
    const byte = bytes[start + position] as number;
    if (isHyphenAt(position) ? byte !== HYPHEN : (HEX_VALUES[byte] as number) < 0) return NaN;
  }
  return valueOf(bytes, start, start + 8) * 2 ** 16 + valueOf(bytes, start + 9, start + 13);
}

function isHyphenAt(position: number): boolean {
  return position === 8 || position === 13 || position === 18 || position === 23;
}

function valueOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 16 + (HEX_VALUES[bytes[at] as number] as number);
  return value;
}
