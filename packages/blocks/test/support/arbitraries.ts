import { LEVELS } from '@vigilant/core';
import { eventFromParts } from '@vigilant/core/adapter';
import fc from 'fast-check';
import type { BlockRow } from '../../src/index';

const MAX_MICROS = 2 ** 43 * 1_000;

/** Well-formed texts of any script, with control characters. */
export const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));

const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits });

/** Texts with the parts that messages have in common. */
export const messages = fc.oneof(
  texts,
  fc
    .array(
      fc.oneof(
        fc.constantFrom('order', 'job', ' ', '-', ':', '.', '\u0001', 'é', '007', '0', 'v2', 'DEADBEEF12'),
        fc.maxSafeInteger().map(String),
        fc.uuid(),
        hex(16),
        hex(9),
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

/** A JSON object as `JSON.stringify` writes it. */
export const json = fc.oneof(
  fc.dictionary(texts, fc.jsonValue({ maxDepth: 3 })).map((value) => JSON.stringify(value)),
  fc
    .record({
      user: fc.oneof(fc.integer(), fc.constant(null)),
      path: texts,
      tags: fc.array(fc.constantFrom('a', 'b')),
      ratio: fc.double({ noNaN: true, noDefaultInfinity: true }),
      'a.b': fc.boolean(),
      id: fc.oneof(fc.uuid(), hex(16)),
    })
    .map((value) => JSON.stringify(value)),
);

const micros = fc.oneof(
  fc.integer({ min: -MAX_MICROS, max: MAX_MICROS }),
  fc.integer({ min: 1.7e9, max: 1.8e9 }).map((seconds) => seconds * 1_000_000),
);

export const ids = fc.oneof(
  fc.uuid({ version: 7 }),
  fc.uuid({ version: 4 }),
  fc.nat().map(String),
  fc.string({ minLength: 1 }),
);

export const rows: fc.Arbitrary<BlockRow> = fc.record({
  sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  id: ids,
  timestamp: micros,
  receivedAt: micros,
  level: fc.nat(3),
  severity: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  message: messages,
  origin: texts,
  source: fc.constantFrom('shop', 'mail', ''),
  type: fc.constant('log'),
  group: fc.constantFrom('default', 'ü'),
  tags: fc.uniqueArray(fc.constantFrom('a', 'b,"', 'é')).map((tags) => JSON.stringify(tags)),
  data: json,
});

/** Returns the event of a row. */
export function toEvent({ tags, data, level, ...row }: BlockRow) {
  const head = { ...row, level: LEVELS[level] ?? 'INFO', tags: JSON.parse(tags) as string[] };
  return eventFromParts(head, data);
}
