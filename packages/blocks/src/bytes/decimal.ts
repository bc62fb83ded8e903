const ZERO = 0x30;
const NINE = 0x39;
/** Maximum number of digits of an integer. Longer ones are not exact as doubles. */
export const MAX_INTEGER_DIGITS = 15;

/** Returns the value of an integer of at most 15 digits without leading zeros, or `NaN` if the bytes are something else. */
export function decimalAt(bytes: Uint8Array, start: number, end: number): number {
  const digits = end - start;
  if (digits === 0 || digits > MAX_INTEGER_DIGITS || (digits > 1 && bytes[start] === ZERO)) return NaN;
  let value = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) return NaN;
    value = value * 10 + byte - ZERO;
  }
  return value;
}
