import type { ByteTexts } from '../bytes/byte-texts';
import { numbersOfIds } from './id-numbers';
import { timesOfUuid7s } from './uuid7';

/** The time and the number of each id; `NaN` where an id has none. */
export interface IdValues {
  /** See `timesOfUuid7s`. */
  readonly times: Float64Array;
  /** See `numbersOfIds`. */
  readonly numbers: Float64Array;
}

/** Returns the times and the numbers that ids contain. */
export function idValuesOf(ids: ByteTexts): IdValues {
  return { times: timesOfUuid7s(ids), numbers: numbersOfIds(ids) };
}
