import { suggestLevel } from '../event/level';
import { excerpt } from '../util/text';
import type { Comparison, Filter } from './ast';
import { formatField, type Field } from './fields';
import { parseRelativeTime, parseTime } from './time';
import { parseLevelRank, parseLiteral, parseNumber, parseSeverity, type Reject } from './values';

/** Creates the test that a field is present and not empty. */
export function presentLeaf(field: Field): Filter {
  return field.kind === 'data'
    ? { kind: 'data', path: field.path, test: { operator: 'present' } }
    : { kind: 'present', field: field.name };
}

/** Creates the test that a field starts with a text. */
export function prefixLeaf(field: Field, text: string, reject: Reject): Filter {
  switch (field.kind) {
    case 'text':
      return { kind: 'text', field: field.name, operator: 'prefix', value: text };
    case 'ordered':
      return reject(`${field.name} is not text, so it has no prefix; use < <= > >= for a range`);
    case 'data':
      return { kind: 'data', path: field.path, test: { operator: 'prefix', text } };
  }
}

/** Creates the test that a field equals a value. A quoted value of data matches only text. */
export function equalsLeaf(field: Field, text: string, isQuoted: boolean, reject: Reject): Filter {
  switch (field.kind) {
    case 'text':
      return { kind: 'text', field: field.name, operator: 'equals', value: text };
    case 'ordered':
      return orderedLeaf(field, '=', text, reject);
    case 'data': {
      const literal = isQuoted ? undefined : parseLiteral(text);
      const test = { operator: 'equals', text, ...(literal === undefined ? {} : { literal }) } as const;
      return { kind: 'data', path: field.path, test };
    }
  }
}

/** Creates the test that a field is less or greater than a value. */
export function comparisonLeaf(
  field: Field,
  operator: Exclude<Comparison, '='>,
  text: string,
  isQuoted: boolean,
  reject: Reject,
): Filter {
  switch (field.kind) {
    case 'text':
      return reject(
        `${field.name} is text, which has no order; ${operator} compares level, severity, timestamp and numbers of data`,
      );
    case 'ordered':
      return orderedLeaf(field, operator, text, reject);
    case 'data': {
      const number = isQuoted ? undefined : parseNumber(text);
      if (number === undefined)
        return reject(`${formatField(field)}${operator} needs a number without quotes`);
      return { kind: 'data', path: field.path, test: { operator, number } };
    }
  }
}

function orderedLeaf(
  field: Extract<Field, { kind: 'ordered' }>,
  operator: Comparison,
  text: string,
  reject: Reject,
): Filter {
  if (field.name === 'timestamp') {
    const offset = parseRelativeTime(text);
    if (offset !== undefined) return { kind: 'relative', operator, offset };
  }
  return { kind: 'ordered', field: field.name, operator, value: parseOrdered(field.name, text, reject) };
}

function parseOrdered(name: 'level' | 'severity' | 'timestamp', text: string, reject: Reject): number {
  switch (name) {
    case 'level':
      return (
        parseLevelRank(text) ?? reject(`Expected a level, found "${excerpt(text)}"; ${suggestLevel(text)}`)
      );
    case 'severity':
      return parseSeverity(text) ?? reject(`Expected a 32-bit integer, found "${excerpt(text)}"`);
    case 'timestamp':
      return parseTime(text, reject);
  }
}
