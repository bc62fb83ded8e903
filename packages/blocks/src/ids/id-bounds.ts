import type { Bounds } from '../bounds';
import { boundsOf, isWithin } from '../bounds';
import type { IdValues } from './id-values';
import { isPrompt } from './uuid7';

/** Maximum distance of a number from the median, as a multiple of how many numbers the block has. */
const REACH = 2;

/** The bounds of the ids of a block. A search finds the ids within them by reading the block. All others are in runs. */
export interface IdBounds {
  /** Bounds of the times of the ids for which `isPrompt` holds, in milliseconds. `undefined` if there are none. */
  readonly idTimes: Bounds | undefined;
  /** Bounds of the numbers that are near their median. `undefined` if they are less than half of the numbers. */
  readonly idNumbers: Bounds | undefined;
}

/** Returns the bounds of the ids of a new block. @param receivedAt - The arrival of each event in microseconds. */
export function idBoundsOf({ times, numbers }: IdValues, receivedAt: Float64Array): IdBounds {
  const prompt = times.map((time, index) => (isPrompt(time, receivedAt[index] as number) ? time : NaN));
  return { idTimes: boundsOf(prompt), idNumbers: denseBounds(numbers) };
}

/**
 * Returns bounds within which at least one of eight integers is an id of the new block. Each id is in one block, so an integer is
 * within the bounds of few blocks, whatever the order in which the numbers arrive.
 */
function denseBounds(numbers: Float64Array): Bounds | undefined {
  const sorted = numbers.filter((number) => !Number.isNaN(number)).sort();
  const median = sorted[sorted.length >>> 1] as number;
  const near = sorted.filter((number) => Math.abs(number - median) <= REACH * sorted.length);
  return near.length * 2 < sorted.length ? undefined : boundsOf(near);
}

/** Returns the indexes of the ids outside the bounds, in ascending order. */
export function idsOutside({ times, numbers }: IdValues, { idTimes, idNumbers }: IdBounds): Int32Array {
  const outside = new Int32Array(times.length);
  let count = 0;
  for (let index = 0; index < times.length; index++)
    if (!isCovered(times[index] as number, idTimes) && !isCovered(numbers[index] as number, idNumbers))
      outside[count++] = index;
  return outside.subarray(0, count);
}

function isCovered(value: number, bounds: Bounds | undefined): boolean {
  return bounds !== undefined && isWithin(value, bounds);
}
