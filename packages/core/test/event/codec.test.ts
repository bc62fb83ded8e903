import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent, encodeEvent, encodedSize, readEncoded, sameContent } from '../../src/event/codec';
import { resolveDefaults } from '../../src/event/defaults';
import { LEVELS } from '../../src/event/event';
import { decodeExternalEvent } from '../../src/event/external';
import { normalizeEvent } from '../../src/event/normalize';
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

describe('encodeEvent', () => {
  it('encodes every field, with times in microseconds', () => {
    fc.assert(
      fc.property(normalized, (given) => void expect(decodeEvent(encodeEvent(given))).toEqual(given)),
    );
  });

  it('lets a store read the head and the data as text', () => {
    fc.assert(
      fc.property(normalized, (given) => {
        const { head, dataJson } = readEncoded(encodeEvent(given));
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
      const text = Buffer.from(encodeEvent(event())).toString().replace('"d":2', `"d":${length}`);
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
    const { data, ...head } = JSON.parse(Buffer.from(encodeEvent(event())).toString()) as Record<
      string,
      unknown
    >;
    const changed = { ...head, data, [field]: value };
    changed['d'] = JSON.stringify(changed['data']).length;
    expect(() => decodeEvent(Buffer.from(JSON.stringify(changed)))).toThrow(
      expect.objectContaining({ code: 'VIGILANT_EVENT_INVALID' }) as Error,
    );
  });

  it('returns a complete event or throws VIGILANT_EVENT_INVALID for any bytes', () => {
    const damage = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.nat(3), repeat: fc.nat(2) });
    const isText = (value: unknown): boolean => typeof value === 'string';
    const attempt = (bytes: Uint8Array): void => {
      for (const decode of [
        decodeEvent,
        (b: Uint8Array) => decodeExternalEvent(b, { name: 'p' }, external),
      ]) {
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
    };
    fc.assert(fc.property(fc.uint8Array(), attempt));
    fc.assert(
      fc.property(normalized, fc.array(damage, { minLength: 1, maxLength: 3 }), (given, damages) => {
        let bytes = Uint8Array.from(encodeEvent(given));
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

  it('does not quote damaged bytes in its error', () => {
    const text = Buffer.from(encodeEvent(event({ message: 'hunter2' })))
      .toString()
      .replace('"level"', 'level');
    expect(() => decodeEvent(Buffer.from(text))).toThrow(/^An encoded event cannot be read: [^"]*$/);
    expect(() => decodeExternalEvent(Buffer.from('{"message":hunter2}'), { name: 'p' }, external)).toThrow(
      /^is not valid JSON$/,
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
