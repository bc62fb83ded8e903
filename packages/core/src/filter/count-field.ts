import { VigilantError, reasonOf } from '../util/errors';
import { invalidOption } from '../util/option-checks';
import type { Event, JsonObject } from '../event/event';
import { createPathTest } from './data-path';
import { formatField, parseField } from './fields';

const CODE = 'VIGILANT_QUERY_INVALID';

/** Maximum number of fields of one query. */
const MAX_FIELDS = 20;

/** A field by which events can be counted. */
export type CountField =
  | { readonly name: 'level' | 'severity' | 'origin' | 'source' | 'type' | 'group' | 'tags' }
  | { readonly name: 'data'; readonly path: readonly string[] };

/**
 * Parses the name of a field to count by. Names are those of the filter language.
 *
 * @param option - Name of the option, for the error.
 * @throws {VigilantError} `VIGILANT_QUERY_INVALID` for an unknown field, and for id, message and timestamp, whose values
 * are rarely shared by events.
 */
export function parseCountField(name: string, option = 'by'): CountField {
  if (typeof name !== 'string')
    throw invalidOption(option, 'a name such as level or data.userId', name, CODE);
  const field = parseKnownField(name, option);
  if (field.kind === 'data') return { name: 'data', path: field.path };
  switch (field.name) {
    case 'id':
    case 'message':
    case 'timestamp':
      throw invalidField(option, `Events cannot be counted by ${field.name}.`);
    default:
      return { name: field.name };
  }
}

/** Reads the names of 1 to 20 fields to count by. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function parseCountFields(names: readonly string[]): CountField[] {
  if (!Array.isArray(names) || names.length < 1 || names.length > MAX_FIELDS)
    throw invalidOption('fields', `an array of 1 to ${MAX_FIELDS} field names`, names, CODE);
  return Array.from(names, (name: string, index) => parseCountField(name, `fields[${index}]`));
}

/** Formats a field to count by for `parseCountField`. */
export function formatCountField(field: CountField): string {
  return field.name === 'data' ? formatField({ kind: 'data', path: field.path }) : field.name;
}

/**
 * Returns the distinct values by which an event is counted, as text.
 *
 * A path of `data` yields its strings, numbers and booleans, through arrays. Objects and nulls are not counted.
 */
export function countValues(event: Event, field: CountField): string[] {
  switch (field.name) {
    case 'data':
      return createValueReader(field)(event);
    case 'tags':
      return [...event.tags];
    case 'severity':
      return [String(event.severity)];
    default:
      return [event[field.name]];
  }
}

/** Creates a function equivalent to `countValues` that prepares a path of `data` once for many events. */
export function createValueReader(field: CountField): (event: Event) => string[] {
  if (field.name !== 'data') return (event) => countValues(event, field);
  const valuesAt = createPathReader(field.path);
  return ({ data }) => valuesAt(data);
}

/** Creates a function that returns the distinct values at a path of `data` by which an event is counted, as text. */
export function createPathReader(path: readonly string[]): (data: JsonObject) => string[] {
  let values = new Set<string>();
  const visit = createPathTest(path, (value) => {
    if (typeof value !== 'object') values.add(String(value));
    return false;
  });
  return (data) => {
    values = new Set();
    visit(data);
    return [...values];
  };
}

function parseKnownField(name: string, option: string) {
  try {
    return parseField(name);
  } catch (error) {
    throw invalidField(option, reasonOf(error), error);
  }
}

function invalidField(option: string, message: string, cause?: unknown): VigilantError {
  const violations = [{ field: option, code: 'unknown_value', reason: message }];
  return new VigilantError(CODE, `${option}: ${message}`, { violations, cause });
}
