import { ORDERED_FIELDS, TEXT_FIELDS, type OrderedField, type TextField } from './ast';
import { excerpt } from '../util/text';
import { nearName } from '../util/near-name';
import { Scanner } from './scanner';

/** A field that a filter can test. */
export type Field =
  | { readonly kind: 'text'; readonly name: TextField }
  | { readonly kind: 'ordered'; readonly name: OrderedField }
  | { readonly kind: 'data'; readonly path: readonly string[] };

/** Maximum number of segments of a path of `data`. */
export const MAX_PATH_SEGMENTS = 32;

/** Fields by their names in the filter language. */
const FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ...TEXT_FIELDS.map((name) => [name, { kind: 'text', name }] as const),
  ...ORDERED_FIELDS.map((name) => [name, { kind: 'ordered', name }] as const),
  ['tag', { kind: 'text', name: 'tags' }],
]);

/** Names in other tools. Used only for suggestions. */
const NAMES_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['msg', 'message'],
  ['time', 'timestamp'],
  ['ts', 'timestamp'],
  ['@timestamp', 'timestamp'],
  ['lvl', 'level'],
  ['host', 'origin'],
  ['service', 'origin'],
  ['logger', 'source'],
]);

/** A segment without quotes. */
const SEGMENT = /[^\s"().,:=<>!*\\]+/y;
const DOT = /\./y;
const NAME = /[^\s()":=<>]*/y;

/**
 * Reads the name of a field, such as `level`, `tag` or `data."odd key".x`.
 *
 * @param isTerm - Whether the text may be a search term. The error then explains how to search for it.
 */
export function takeField(scanner: Scanner, isTerm = true): Field {
  const start = scanner.position;
  const name = scanner.peek(NAME) ?? '';
  if (name === 'data' || name.startsWith('data.')) return { kind: 'data', path: takePath(scanner) };
  const field = FIELDS.get(name);
  if (field === undefined) scanner.fail(unknownField(name, isTerm), start);
  scanner.take(NAME);
  return field;
}

/** Parses the name of a field. */
export function parseField(name: string): Field {
  const scanner = new Scanner(name);
  const field = takeField(scanner, false);
  if (scanner.char !== '') scanner.fail(`Expected the end of the field name, found ${scanner.describe()}`);
  return field;
}

/** Formats the name of a field for `parseField`. */
export function formatField(field: Field): string {
  return field.kind === 'data' ? ['data', ...field.path.map(formatSegment)].join('.') : field.name;
}

function takePath(scanner: Scanner): readonly string[] {
  const path: string[] = [];
  scanner.position += 'data'.length;
  while (scanner.take(DOT) !== undefined) {
    const segment = scanner.char === '"' ? scanner.takeQuoted() : scanner.take(SEGMENT);
    if (segment === undefined) {
      scanner.fail(
        `Expected a key of data, found ${scanner.describe()}; put a key with special characters in quotes: data."odd key"`,
      );
    }
    if (path.push(segment) > MAX_PATH_SEGMENTS) scanner.fail(`A path has at most ${MAX_PATH_SEGMENTS} keys`);
  }
  if (path.length === 0) scanner.fail('Expected a key of data, as in data.userId');
  return path;
}

function formatSegment(segment: string): string {
  SEGMENT.lastIndex = 0;
  return SEGMENT.exec(segment)?.[0] === segment ? segment : quote(segment);
}

/** Quotes a text for `Scanner.takeQuoted`. */
export function quote(content: string): string {
  return `"${content.replace(/["\\]/g, '\\$&')}"`;
}

function unknownField(name: string, isTerm: boolean): string {
  if (name === '' && !isTerm) return 'Expected a field, such as level or data.userId';
  if (name === '') return 'Expected a field before the operator; to search for this text, put it in quotes';
  if (name.endsWith('!'))
    return 'There is no operator "!="; write "-" before the field instead: -source:shop';
  const near = NAMES_ELSEWHERE.get(name.toLowerCase()) ?? nearName(name, [...FIELDS.keys()]);
  const advice = near === undefined ? 'write a key of data as data.key' : `did you mean ${near}?`;
  const unknown = `Unknown field "${excerpt(name)}": ${advice}`;
  return isTerm ? `${unknown.replace(/[^?]$/, '$&.')} To search for this text, put it in quotes` : unknown;
}
