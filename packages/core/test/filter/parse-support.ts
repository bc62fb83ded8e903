import { isVigilantError, type VigilantError } from '../../src/util/errors';
import type { Filter } from '../../src/filter/ast';
import { parseFilter } from '../../src/filter/parse';

export const contains = (wanted: string): Filter => ({ kind: 'contains', text: wanted });

/** Returns the error of a filter that cannot be parsed. */
export function errorOf(filter: string): VigilantError {
  try {
    parseFilter(filter);
  } catch (error) {
    if (isVigilantError(error)) return error;
    throw error;
  }
  throw new Error(`No error for ${filter}`);
}
