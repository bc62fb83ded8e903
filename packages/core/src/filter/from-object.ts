import { toWellFormed } from '../util/text';
import { VigilantError } from '../util/errors';
import type { Filter, OrderedField } from './ast';
import { allOf, anyOf } from './build';
import { parseField, type Field } from './fields';
import { equalsLeaf } from './leaves';
import { parseTime } from './time';
import { parseLiteral, type Reject } from './values';

/** A value of a `FilterObject`, or alternatives. */
export type FilterObjectValue =
  string | number | boolean | null | readonly (string | number | boolean | null)[];

/**
 * Fields and their values, all of which must match. An array matches any of its values. Fields are named as in the filter
 * language, such as `'data.userId'`.
 */
export interface FilterObject {
  readonly [field: string]: FilterObjectValue;
}

/**
 * Converts an object of fields and values to a filter.
 *
 * A string is text, as if in quotes. A number, a boolean or null for `data` matches that value or its text, like an unquoted
 * value in the filter language.
 *
 * @throws {VigilantError} `VIGILANT_FILTER_INVALID` with the name of the field.
 */
export function filterFromObject(object: FilterObject): Filter {
  return allOf(
    Object.entries(object).map(([name, wanted]) => {
      const field = parseField(toWellFormed(name));
      const values: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
      // A hole in an array is undefined, which is not a valid value.
      return anyOf(Array.from(values, (value) => wantedLeaf(field, value, rejectorOf(name))));
    }),
  );
}

function wantedLeaf(field: Field, value: unknown, reject: Reject): Filter {
  if (typeof value === 'string') return equalsLeaf(field, toWellFormed(value), true, reject);
  if (typeof value === 'number' && Number.isFinite(value) && !isField(field, 'level')) {
    if (isField(field, 'timestamp')) {
      return { kind: 'ordered', field: 'timestamp', operator: '=', value: parseTime(value, reject) };
    }
    // An integer beyond 2^53 may have been rounded already.
    if (parseLiteral(String(value)) === undefined) {
      return reject(`The integer ${value} exceeds 2^53 and may not be exact; pass its digits as a string`);
    }
    return equalsLeaf(field, String(value), false, reject);
  }
  if (field.kind === 'data' && (typeof value === 'boolean' || value === null)) {
    return equalsLeaf(field, String(value), false, reject);
  }
  return reject(`Expected ${describeWanted(field)}, found ${describe(value)}`);
}

const isField = (field: Field, name: OrderedField): boolean =>
  field.kind === 'ordered' && field.name === name;

function describeWanted(field: Field): string {
  if (field.kind === 'data') return 'a string, a finite number, a boolean or null';
  return isField(field, 'level') ? 'the name of a level' : 'a string or a finite number';
}

function describe(value: unknown): string {
  return value === null || typeof value === 'number' ? String(value) : typeof value;
}

function rejectorOf(name: string): Reject {
  return (reason) => {
    throw new VigilantError('VIGILANT_FILTER_INVALID', `${name}: ${reason}.`, {
      violations: [{ field: name, code: 'invalid_value', reason }],
    });
  };
}
