/** Converts milliseconds with a fraction to integer microseconds. Exact within ±2^43 ms. */
export function toMicros(milliseconds: number): number {
  const whole = Math.floor(milliseconds);
  return whole * 1000 + Math.round((milliseconds - whole) * 1000);
}

/** Converts integer microseconds to milliseconds with the microseconds as the fraction. */
export function fromMicros(micros: number): number {
  return micros / 1000;
}
