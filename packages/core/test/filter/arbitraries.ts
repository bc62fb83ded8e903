import fc from 'fast-check';
import type { Event, JsonObject, JsonValue } from '../../src/event/event';
import { LEVELS } from '../../src/event/event';
import { fromMicros } from '../../src/event/timestamp';
import type { Comparison, DataTest, Filter } from '../../src/filter/ast';
import { parseLiteral } from '../../src/filter/values';

const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });

/** Creates a plain event with some changes. */
export function event(changes: Partial<Event> = {}): Event {
  return {
    id: 'e1',
    message: 'card declined',
    level: 'INFO',
    severity: 0,
    timestamp: Date.UTC(2026, 0, 1),
    receivedAt: Date.UTC(2026, 0, 1),
    origin: 'host-1',
    source: 'auth',
    type: 'log',
    group: 'default',
    tags: [],
    data: {},
    ...changes,
  };
}

// A small alphabet, so that generated filters match generated events.
const letter = fc.constantFrom(
  ...[
    'a',
    'A',
    'b',
    'i',
    'I',
    'İ',
    'ı',
    'ß',
    'ẞ',
    's',
    'S',
    'ſ',
    'k',
    'K',
    '\u212a',
    'σ',
    'ς',
    'Σ',
    'ꭰ',
    'Ꭰ',
  ],
  ...[
    '支',
    '付',
    '😀',
    '𐐀',
    '𐐨',
    'é',
    'e\u0301',
    '%',
    '_',
    '\\',
    '\0',
    '*',
    '“',
    "'",
    '&',
    '|',
    '：',
    'level',
    '"',
    ',',
    '(',
    ')',
    ':',
    '=',
    '<',
    '-',
  ],
  ...[' ', '\n', '\u3000', '.', '4', '2', '0', 'null', 'true', 'AND', 'NOT'],
);

export const text = fc.array(letter, { maxLength: 5 }).map((letters) => letters.join(''));
const digits = fc.constantFrom(
  ...['42', '042', '4.2e1', '-0', '9007199254740993', '1e400', '42.0', 'null', 'true'],
);
const value = fc.oneof({ weight: 3, arbitrary: text }, digits);
const key = fc.constantFrom('a', 'b', 'a.b', 'b.a', '', 'odd key', '__proto__', 'constructor', 'a"b', '支');
const number = fc.oneof(
  fc.constantFrom(0, -0, 42, 42.5, 1e21, -1),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const json: fc.Memo<JsonValue> = fc.memo((depth) =>
  depth <= 1
    ? fc.oneof(value, number, fc.boolean(), fc.constant(null))
    : fc.oneof(json(1), fc.array(json(), { maxLength: 3 }), jsonObject(depth)),
);
const jsonObject: fc.Memo<JsonObject> = fc.memo((depth) =>
  // Created from JSON, so that every key, including `__proto__`, is an own property.
  fc
    .array(fc.tuple(key, json(depth - 1)), { maxLength: 4 })
    .map((entries) => JSON.parse(JSON.stringify(Object.fromEntries(entries))) as JsonObject),
);

const micros = fc.oneof(
  fc.constantFrom(0, 1, -1, 1_700_000_000_000_000, 1_700_000_000_000_001),
  fc.integer({ min: -(2 ** 43) * 1000, max: 2 ** 43 * 1000 }),
);
const severity = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));

export const events: fc.Arbitrary<Event> = record({
  id: text.map((id) => `x${id}`),
  message: text,
  level: fc.constantFrom(...LEVELS),
  severity,
  timestamp: micros.map(fromMicros),
  receivedAt: fc.constant(0),
  origin: text,
  source: value,
  type: text,
  group: text,
  tags: fc.uniqueArray(value, { maxLength: 3 }),
  data: jsonObject(4),
});

const textField = fc.constantFrom('id', 'message', 'origin', 'source', 'type', 'group', 'tags' as const);
const comparison = fc.constantFrom<Comparison>('=', '<', '<=', '>', '>=');

const equalsTest = value.chain<DataTest>((wanted) => {
  const literal = parseLiteral(wanted);
  const asText: DataTest = { operator: 'equals', text: wanted };
  return literal === undefined ? fc.constant(asText) : fc.constantFrom(asText, { ...asText, literal });
});

const dataTest: fc.Arbitrary<DataTest> = fc.oneof(
  equalsTest,
  text.map((prefix) => ({ operator: 'prefix' as const, text: prefix })),
  record({ operator: fc.constantFrom('<', '<=', '>', '>=' as const), number: number.map((n) => n + 0) }),
  fc.constant({ operator: 'present' as const }),
);

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  text.map((wanted) => ({ kind: 'contains' as const, text: wanted })),
  record({
    kind: fc.constant('text' as const),
    field: textField,
    operator: fc.constantFrom('equals', 'prefix' as const),
    value,
  }),
  fc
    .oneof(
      fc.tuple(fc.constant('level' as const), fc.integer({ min: 0, max: 3 })),
      fc.tuple(fc.constant('severity' as const), severity),
      fc.tuple(fc.constant('timestamp' as const), micros),
    )
    .chain(([field, wanted]) =>
      comparison.map((operator) => ({ kind: 'ordered' as const, field, operator, value: wanted })),
    ),
  record({
    kind: fc.constant('present' as const),
    field: fc.oneof(textField, fc.constantFrom('level', 'severity', 'timestamp' as const)),
  }),
  record({
    kind: fc.constant('data' as const),
    path: fc.array(key, { minLength: 1, maxLength: 4 }),
    test: dataTest,
  }),
);

const relative: fc.Arbitrary<Filter> = record({
  kind: fc.constant('relative' as const),
  operator: comparison,
  offset: fc.integer({ min: -(10 ** 12), max: 10 ** 12 }).map((ms) => ms * 1000 || 0),
});

const treeOf = (leaves: fc.Arbitrary<Filter>) =>
  fc.letrec<{ tree: Filter; leaf: Filter }>((tie) => ({
    leaf: leaves,
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('leaf'),
      record({
        kind: fc.constantFrom('and', 'or' as const),
        filters: fc.array(tie('tree'), { maxLength: 4 }),
      }),
      tie('tree').map((filter) => ({ kind: 'not' as const, filter })),
    ),
  })).tree;

/** Generates trees that are not in canonical form. */
export const resolvedFilters = treeOf(leaf);
/** Generates such trees, including relative times. */
export const filters = treeOf(fc.oneof({ weight: 9, arbitrary: leaf }, relative));
