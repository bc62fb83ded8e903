/** The lowest and the highest of some values. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Returns the bounds of the values that are not `NaN`, or `undefined` if there are none. */
export function boundsOf(values: Float64Array): Bounds | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? undefined : { min, max };
}

/** Returns whether a value is within bounds. `NaN` never is. */
export function isWithin(value: number, { min, max }: Bounds): boolean {
  return value >= min && value <= max;
}
