import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent, encodeEvent } from '../../src/event/codec';
import { resolveDefaults } from '../../src/event/defaults';
import { createEventEncoder } from '../../src/event/encoded-events';
import { MAX_DATA_BYTES } from '../../src/event/limits';
import { normalize, normalizeEvent } from '../../src/event/normalize';
import { isPlainJson } from '../../src/event/plain-json';
import { isVigilantError } from '../../src/util/errors';
import { data } from './arbitraries';

const context = { defaults: resolveDefaults({}), now: () => 1_700_000_000_000, newId: () => 'id' };

function nested(depth: number): object {
  let value: object = {};
  for (let level = 1; level < depth; level += 1) value = { value };
  return value;
}

function throwing(): object {
  return Object.defineProperty({}, 'field', {
    enumerable: true,
    get() {
      throw new Error('unreadable');
    },
  });
}

/** An object whose field is plain only when it is read for the first time. */
function changing(later: unknown): object {
  let reads = 0;
  return Object.defineProperty({}, 'field', {
    enumerable: true,
    get: () => ((reads += 1), reads > 1 ? later : 1),
  });
}

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

const ODD: readonly (readonly [string, () => object])[] = [
  ['undefined', () => ({ value: undefined })],
  ['a function', () => ({ value: () => 1, other: [() => 1] })],
  ['NaN and infinities', () => ({ values: [NaN, Infinity, -Infinity] })],
  ['a bigint', () => ({ value: 10n })],
  ['a symbol', () => ({ value: Symbol('s') })],
  ['a Date', () => ({ value: new Date(0) })],
  ['a Map', () => ({ value: new Map([['a', 1]]) })],
  ['an Error with fields', () => ({ value: Object.assign(new TypeError('m'), { stack: 's', code: 1 }) })],
  ['toJSON', () => ({ value: { toJSON: () => 'own' } })],
  ['an array with toJSON', () => ({ value: Object.assign([1], { toJSON: () => 'own' }) })],
  ['a sparse array', () => ({ value: new Array(3) })],
  ['a lone surrogate in text', () => ({ value: 'a\ud800' })],
  ['a lone surrogate in a key', () => ({ 'a\ud800': 1 })],
  [
    'an instance of a class',
    () => ({
      value: new (class Point {
        x = 1;
      })(),
    }),
  ],
  ['a boxed value', () => ({ value: Object('text') as object })],
  ['bytes', () => ({ value: new Uint8Array([1, 2]) })],
  ['a cycle', () => cyclic],
  ['a getter that throws', throwing],
  ['a getter that throws later', () => changing(10n)],
  ['the greatest depth', () => nested(32)],
  ['a greater depth', () => nested(33)],
  ['a large text', () => ({ value: 'é'.repeat(MAX_DATA_BYTES / 3) })],
  ['a text that is too large', () => ({ value: 'x'.repeat(MAX_DATA_BYTES) })],
  ['an array', () => [1]],
];

/** Returns the event, or the violations of an invalid one. */
function outcomeOf(create: () => unknown): unknown {
  try {
    return create();
  } catch (error) {
    if (!isVigilantError(error)) throw error;
    return error.violations;
  }
}

function encodeAtOnce(given: object): unknown {
  const { event, dataJson } = normalize({ message: 'm', data: given }, context, true);
  const encoder = createEventEncoder();
  encoder.add(event, dataJson);
  return encoder.finish().at(0);
}

describe('an event that is encoded at once', () => {
  it('equals the event that is copied first, for any data', () => {
    fc.assert(
      fc.property(data, (given) => {
        const copied = normalizeEvent({ message: 'm', data: given }, context);
        expect(encodeAtOnce(given)).toEqual(decodeEvent(encodeEvent(copied)));
      }),
    );
  });

  it.each(ODD)('equals the event that is copied first, for data with %s', (name, create) => {
    // A getter that changes is read once more, so both outcomes differ from its first value.
    if (name.endsWith('later')) {
      expect(encodeAtOnce(create())).toMatchObject({ data: { field: '10' } });
      return;
    }
    const copied = outcomeOf(() => normalizeEvent({ message: 'm', data: create() }, context));
    expect(outcomeOf(() => encodeAtOnce(create()))).toEqual(copied);
  });
});

describe('isPlainJson', () => {
  it('accepts all JSON', () => {
    fc.assert(fc.property(data, (given) => void expect(isPlainJson(given)).toBe(true)));
    expect(isPlainJson({ a: [-0, null, true, 'é', { b: Object.create(null) as object }] })).toBe(true);
  });
});
