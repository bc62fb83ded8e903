import type { ByteTexts } from '../bytes/byte-texts';
import { decimalAt } from '../bytes/decimal';

/** Returns the values of ids that are integers of at most 15 digits without leading zeros; `NaN` for other ids. */
export function numbersOfIds({ bytes, starts, ends }: ByteTexts): Float64Array {
  const numbers = new Float64Array(starts.length);
  for (let index = 0; index < numbers.length; index++)
    numbers[index] = decimalAt(bytes, starts[index] as number, ends[index] as number);
  return numbers;
}
