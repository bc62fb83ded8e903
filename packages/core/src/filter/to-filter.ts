import type { Filter } from './ast';
import { canonicalFilter } from './build';
import { checkFilter } from './check';
import { filterFromObject, type FilterObject } from './from-object';
import { checkLimits } from './limits';
import { parseFilter } from './parse';

/**
 * Converts a filter in any form to a valid tree in canonical form.
 *
 * An object with the key `kind` is a tree; any other object consists of fields and values. Without a filter, the result
 * matches every event.
 *
 * @throws {VigilantError} `VIGILANT_FILTER_INVALID`
 * @throws {TypeError} When the filter is neither a string nor an object.
 */
export function toFilter(input: string | Filter | FilterObject = ''): Filter {
  if (typeof input === 'string') return parseFilter(input);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new TypeError('A filter is a string, a tree, or an object of fields and wanted values.');
  }
  if (isTree(input)) {
    checkFilter(input);
    return canonicalFilter(input);
  }
  const filter = filterFromObject(input);
  checkLimits(filter);
  return filter;
}

function isTree(input: Filter | FilterObject): input is Filter {
  return Object.hasOwn(input, 'kind');
}
