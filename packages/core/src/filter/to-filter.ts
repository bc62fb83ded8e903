import type { Filter } from './ast';
import { canonicalFilter } from './build';
import { checkFilter } from './check';
import { filterFromObject, type FilterObject } from './from-object';
import { checkLimits } from './limits';
import { parseFilter } from './parse';

/**
 * Turns a filter in any of its forms into a checked tree in its simplest form.
 *
 * A tree is told from an object of fields by its `kind`. Nothing given is the filter that everything matches.
 *
 * @throws {VigilantError} `VIGILANT_FILTER_INVALID`
 * @throws {TypeError} When it is neither text nor a plain object.
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
