import type { ByteTexts } from '../bytes/byte-texts';

const ZERO = 0x30;
const NINE = 0x39;
/** Every integer of so many digits is exact. */
const MAX_DIGITS = 15;

/** Returns the values of ids that are integers of at most 15 digits without leading zeros; `NaN` for other ids. */
export function numbersOfIds({ bytes, starts, ends }: ByteTexts): Float64Array {
  const numbers = new Float64Array(starts.length);
  for (let index = 0; index < numbers.length; index++)
    numbers[index] = numberAt(bytes, starts[index] as number, ends[index] as number);
  return numbers;
}

function numberAt(bytes: Uint8Array, start: number, end: number): number {
  const digits = end - start;
  if (digits === 0 || digits > MAX_DIGITS || (digits > 1 && bytes[start] === ZERO)) return NaN;
  let value = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) return NaN;
    value = value * 10 + byte - ZERO;
  }
  return value;
}
