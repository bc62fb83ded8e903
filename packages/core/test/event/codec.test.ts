import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeEvent,
  encodeEvent,
  encodeEventJson,
  encodedSize,
  readEncoded,
  sameContent,
} from '../../src/event/codec';
import { resolveDefaults } from '../../src/event/defaults';
import { LEVELS } from '../../src/event/event';
import { decodeExternalEvent } from '../../src/event/external';
import { MAX_SEVERITY, MAX_TIME_MICROS, MIN_SEVERITY } from '../../src/event/limits';
import { normalizeEvent } from '../../src/event/normalize';
import { fromMicros } from '../../src/event/timestamp';
import { isVigilantError } from '../../src/util/errors';
import { event } from '../support';
import { input } from './arbitraries';

const external = { defaults: resolveDefaults({}), now: () => 1_700_000_000_000 };

const normalized = input.map((given) =>
  normalizeEvent(given, {
    defaults: resolveDefaults({}),
    now: () => 1_700_000_000_123.456,
    newId: () => 'id',
  }),
);

const VERSIONS = [
  ['encodeEventJson', encodeEventJson],
  ['encodeEvent', encodeEvent],
] as const;

describe.each(VERSIONS)('%s', (_, encode) => {
  it('encodes every field, with times in microseconds', () => {
    fc.assert(fc.property(normalized, (given) => void expect(decodeEvent(encode(given))).toEqual(given)));
  });

  it('encodes times before 1970 and the limits of every number', () => {
    for (const micros of [0, -1, -(2 ** 32), 2 ** 32 - 1, MAX_TIME_MICROS, -MAX_TIME_MICROS]) {
      for (const severity of [0, -1, MIN_SEVERITY, MAX_SEVERITY]) {
        const { head } = readEncoded(encode(event({ timestamp: fromMicros(micros), severity })));
        expect(head).toMatchObject({ timestamp: micros, severity });
      }
    }
  });

  it('encodes texts larger than a slab', () => {
    const large = event({ message: '日'.repeat(100_000), data: { text: 'x'.repeat(200_000) } });
    expect(decodeEvent(encode(large))).toEqual(large);
  });

  it('decodes the head and returns the data as JSON', () => {
    fc.assert(
      fc.property(normalized, (given) => {
        const { head, dataJson } = readEncoded(encode(given));
        expect(JSON.parse(dataJson)).toEqual(given.data);
        expect({
          ...head,
          data: given.data,
          timestamp: given.timestamp,
          receivedAt: given.receivedAt,
        }).toEqual(given);
      }),
    );
  });

  it('returns a complete event or throws VIGILANT_EVENT_INVALID for damaged bytes', () => {
    const damage = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.nat(3), repeat: fc.nat(2) });
    fc.assert(
      fc.property(normalized, fc.array(damage, { minLength: 1, maxLength: 3 }), (given, damages) => {
        let bytes = Uint8Array.from(encode(given));
        for (const { at, byte, cut, repeat } of damages) {
          bytes[at % bytes.length] = byte;
          if (cut === 0) bytes = bytes.slice(0, at % bytes.length);
          if (repeat === 0) bytes = Uint8Array.from([...bytes, ...bytes.slice(at % (bytes.length || 1))]);
          if (bytes.length === 0) return;
        }
        attempt(bytes);
      }),
      { numRuns: 3_000 },
    );
  });
});

/** Decodes bytes, and fails unless the outcome is a complete event or `VIGILANT_EVENT_INVALID`. */
function attempt(bytes: Uint8Array): void {
  const isText = (value: unknown): boolean => typeof value === 'string';
  for (const decode of [decodeEvent, (b: Uint8Array) => decodeExternalEvent(b, { name: 'p' }, external)]) {
    try {
      const { id, message, level, origin, source, type, group, tags, data, ...times } = decode(bytes);
      expect([id, message, origin, source, type, group, ...tags].every(isText)).toBe(true);
      expect(LEVELS).toContain(level);
      expect(Object.values(times).every(Number.isFinite)).toBe(true);
      expect(typeof data).toBe('object');
    } catch (error) {
      if (!isVigilantError(error)) throw error;
      expect(error.code).toBe('VIGILANT_EVENT_INVALID');
    }
  }
}

describe('encodeEvent', () => {
  it('encodes an event once, and each copy again', () => {
    const one = event({ message: 'one' });
    expect(encodeEvent(one)).toBe(encodeEvent(one));
    const other = { ...one, message: 'other' };
    expect(decodeEvent(encodeEvent(other)).message).toBe('other');
    expect(Object.keys(one)).not.toContain('bytes');
    expect(encodedSize(one)).toBe(encodeEvent(one).byteLength);
  });

  it.each(['-5', '-0', '', ' 5', '5.5', '0x10', '1e400', '4294967296', '99999999999999999999'])(
    'rejects the length "%s" with VIGILANT_EVENT_INVALID',
    (length) => {
      const text = Buffer.from(encodeEventJson(event())).toString().replace('"d":2', `"d":${length}`);
      expect(() => decodeEvent(Buffer.from(text))).toThrow(
        expect.objectContaining({ code: 'VIGILANT_EVENT_INVALID' }) as Error,
      );
    },
  );

  it.each<[string, unknown]>([
    ...(['id', 'message', 'level', 'origin', 'source', 'type', 'group'] as const).flatMap((field) => [
      [field, undefined] as [string, unknown],
      [field, 7] as [string, unknown],
    ]),
    ['level', 'LOUD'],
    ['severity', 1.5],
    ['timestamp', 2 ** 53],
    ['timestamp', null],
    ['receivedAt', 'now'],
    ['tags', 'a'],
    ['tags', [1]],
    ['data', []],
    ['data', null],
  ])('rejects %s that is %j', (field, value) => {
    const { data, ...head } = JSON.parse(Buffer.from(encodeEventJson(event())).toString()) as Record<
      string,
      unknown
    >;
    const changed = { ...head, data, [field]: value };
    changed['d'] = JSON.stringify(changed['data']).length;
    expect(() => decodeEvent(Buffer.from(JSON.stringify(changed)))).toThrow(
      expect.objectContaining({ code: 'VIGILANT_EVENT_INVALID' }) as Error,
    );
  });

  it.each<[string, number, readonly number[]]>([
    ['another version', 0, [3]],
    ['another level', 1, [4]],
    ['a timestamp out of range', 8, [0, 0, 0, 0, 0, 0, 0, 0x7f]],
    ['a receivedAt that is not a safe integer', 16, [0, 0, 0, 0, 0, 0, 0x20, 0]],
    ['an id beyond the end', 24, [0xff, 0xff, 0, 0]],
    ['tags beyond the end', 48, [0xff, 0, 0, 0]],
    ['tags that are not an array', 52 + 'idhello'.length, [0x7b, 0x7d]],
    ['data that is not an object', 52 + 'idhello[]'.length, [0x5b, 0x5d]],
  ])('rejects %s with VIGILANT_EVENT_INVALID', (_, at, damage) => {
    const plain = event({ id: 'id', type: '', group: '' });
    const bytes = Uint8Array.from(encodeEvent(plain));
    expect(decodeEvent(bytes)).toEqual(plain);
    bytes.set(damage, at);
    expect(() => decodeEvent(bytes)).toThrow(
      expect.objectContaining({ code: 'VIGILANT_EVENT_INVALID' }) as Error,
    );
  });

  it('returns a complete event or throws VIGILANT_EVENT_INVALID for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), attempt));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => attempt(Uint8Array.of(2, ...bytes))));
  });

  it('does not quote damaged bytes in its error', () => {
    const text = Buffer.from(encodeEventJson(event({ message: 'hunter2' })))
      .toString()
      .replace('"level"', 'level');
    expect(() => decodeEvent(Buffer.from(text))).toThrow(/^An encoded event cannot be read: [^"]*$/);
    expect(() => decodeExternalEvent(Buffer.from('{"message":hunter2}'), { name: 'p' }, external)).toThrow(
      /^The text is not valid JSON\.$/,
    );
  });

  it('compares content regardless of the order of keys and of times', () => {
    const one = event({ data: { a: 1, b: { c: [1, 2] } } });
    expect(sameContent(one, { ...one, timestamp: 1, receivedAt: 2, data: { b: { c: [1, 2] }, a: 1 } })).toBe(
      true,
    );
    expect(sameContent(one, { ...one, data: { a: 1, b: { c: [2, 1] } } })).toBe(false);
    expect(sameContent(one, { ...one, tags: ['x'] })).toBe(false);
  });
});
