import fc from 'fast-check';
import { LEVELS } from '@vigilant/core';
import { MAX_SEVERITY, MAX_TIME_MICROS, MIN_SEVERITY, fromMicros } from '@vigilant/core/adapter';
import type { Comparison, DataTest, Event, Filter, JsonObject, JsonValue } from '@vigilant/core';

const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });

// A small alphabet, so that generated filters match generated events: letters whose case is hard to fold, scripts without
// spaces, special characters of SQL, LIKE and regular expressions, and characters that JSON escapes.
const LETTERS = [
  ...['a', 'A', 'b', 'i', 'I', 'İ', 'ı', 'ß', 'ẞ', 's', 'S', 'ſ', 'k', 'K', '\u212a', 'σ', 'ς', 'Σ'],
  ...['支', '付', '😀', '𐐀', '𐐨', 'é', 'e\u0301', '%', '_', '\\', '\0', '*', '"', "'", ',', '(', ')', ':'],
  ...[' ', '\n', '\u3000', '.', '-', '?', '[', ']', '4', '2', '0'],
];
const LONGER = ['null', 'true', 'aba', 'baba', 'card declined', '支付'];

/** Generates short text of a few letters. */
export const texts: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...LETTERS) }, fc.constantFrom(...LONGER)), {
    maxLength: 5,
  })
  .map((letters) => letters.join(''));

/** Texts that look like literals, with the literal that a filter matches too. */
const LITERALS: readonly (readonly [string, number | boolean | null])[] = [
  ['42', 42],
  ['0', 0],
  ['-1', -1],
  ['42.5', 42.5],
  ['4.2e1', 42],
  ['1e21', 1e21],
  ['true', true],
  ['false', false],
  ['null', null],
];
const literalTexts = fc.constantFrom(...LITERALS.map(([text]) => text), '042', '42.0', '9007199254740993');
const values = fc.oneof({ weight: 3, arbitrary: texts }, literalTexts);
const keys = fc.constantFrom('a', 'b', 'a.b', 'b.a', '', 'odd key', '__proto__', 'constructor', 'a"b', '支');
const numbers = fc.oneof(
  fc.constantFrom(0, 42, 42.5, 1e21, -1),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
);

const jsonValues: fc.Memo<JsonValue> = fc.memo((depth) =>
  depth <= 1
    ? fc.oneof(values, numbers, fc.boolean(), fc.constant(null))
    : fc.oneof(jsonValues(1), fc.array(jsonValues(), { maxLength: 3 }), jsonObjects(depth)),
);
const jsonObjects: fc.Memo<JsonObject> = fc.memo((depth) =>
  fc
    .array(fc.tuple(keys, jsonValues(depth - 1)), { maxLength: 4 })
    // Created from JSON, so that every key, including `__proto__`, is an own property.
    .map((entries) => JSON.parse(JSON.stringify(Object.fromEntries(entries))) as JsonObject),
);

/** Generates data of events: keys with dots, nested arrays, similar values. */
const dataObjects: fc.Arbitrary<JsonObject> = jsonObjects(4);

const BASE_MICROS = 1_767_225_600_000_000;

/** Generates times in microseconds, many of them equal. */
export const micros: fc.Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(BASE_MICROS, BASE_MICROS + 1, BASE_MICROS + 60_000_000, 0, -1) },
  fc.integer({ min: -MAX_TIME_MICROS, max: MAX_TIME_MICROS }),
);
const severities = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.integer({ min: MIN_SEVERITY, max: MAX_SEVERITY }),
);
const levels = fc.constantFrom(...LEVELS);
/** Generates suffixes of ids in printable ASCII. */
const idTexts = fc.string({
  unit: fc.constantFrom('a', 'A', 'b', '%', '_', '\\', '1', '-', '"'),
  maxLength: 4,
});

/** Generates an event. Its id is only the suffix of an id. */
export const eventFields: fc.Arbitrary<Event> = record({
  id: idTexts,
  message: texts,
  level: levels,
  severity: severities,
  timestamp: micros.map(fromMicros),
  receivedAt: micros.map(fromMicros),
  origin: texts,
  source: values,
  type: texts,
  group: texts,
  tags: fc.uniqueArray(
    values.filter((tag) => tag !== ''),
    { maxLength: 3 },
  ),
  data: dataObjects,
});

const comparisons = fc.constantFrom<Comparison>('=', '<', '<=', '>', '>=');

const dataTests: fc.Arbitrary<DataTest> = fc.oneof(
  values.map((text) => ({ operator: 'equals' as const, text })),
  fc.constantFrom(...LITERALS).map(([text, literal]) => ({ operator: 'equals' as const, text, literal })),
  texts.map((text) => ({ operator: 'prefix' as const, text })),
  record({ operator: fc.constantFrom('<', '<=', '>', '>=' as const), number: numbers }),
  fc.constant({ operator: 'present' as const }),
);

const textFields = fc.constantFrom('message', 'origin', 'source', 'type', 'group', 'tags' as const);
const textOperators = fc.constantFrom('equals', 'prefix' as const);

const leaves: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  texts.map((text) => ({ kind: 'contains' as const, text })),
  record({ kind: fc.constant('text' as const), field: textFields, operator: textOperators, value: values }),
  record({
    kind: fc.constant('text' as const),
    field: fc.constant('id' as const),
    operator: textOperators,
    value: idTexts,
  }),
  fc
    .oneof(
      fc.tuple(fc.constant('level' as const), fc.integer({ min: 0, max: 3 })),
      fc.tuple(fc.constant('severity' as const), severities),
      fc.tuple(fc.constant('timestamp' as const), micros),
    )
    .chain(([field, value]) =>
      comparisons.map((operator) => ({ kind: 'ordered' as const, field, operator, value })),
    ),
  record({
    kind: fc.constant('present' as const),
    field: fc.oneof(textFields, fc.constantFrom('id', 'level', 'severity', 'timestamp' as const)),
  }),
  {
    weight: 3,
    arbitrary: record({
      kind: fc.constant('data' as const),
      path: fc.array(keys, { minLength: 1, maxLength: 4 }),
      test: dataTests,
    }),
  },
);

/** Generates filter trees of every kind except relative times, which a store does not receive. */
export const filters: fc.Arbitrary<Filter> = fc.letrec<{ tree: Filter; leaf: Filter }>((tie) => ({
  leaf: leaves,
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    record({ kind: fc.constantFrom('and', 'or' as const), filters: fc.array(tie('tree'), { maxLength: 4 }) }),
    tie('tree').map((filter) => ({ kind: 'not' as const, filter })),
  ),
})).tree;
