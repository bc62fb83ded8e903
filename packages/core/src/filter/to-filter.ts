import { VigilantError } from '../util/errors';
import { describeValue } from '../util/text';
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
 */
export function toFilter(input: string | Filter | FilterObject = ''): Filter {
  if (typeof input === 'string') return parseFilter(input);
  if (!isPlainObject(input))
    throw new VigilantError(
      'VIGILANT_FILTER_INVALID',
      `The filter must be a string, a tree, or an object of fields and values, not ${describeValue(input)}.`,
    );
  if (isTree(input)) {
    checkFilter(input);
    return canonicalFilter(input);
  }
  const filter = filterFromObject(input);
  checkLimits(filter);
  return filter;
}

/** Returns whether a value is an object literal, including one from another realm; a Date or a Map has no fields to match. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isTree(input: Filter | FilterObject): input is Filter {
  return Object.hasOwn(input, 'kind');
}
