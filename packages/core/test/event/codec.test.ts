import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent, encodeEvent, encodedSize, readEncoded, sameContent } from '../../src/event/codec';
import { resolveDefaults } from '../../src/event/defaults';
import { normalizeEvent } from '../../src/event/normalize';
import { isVigilantError } from '../../src/errors';
import { event } from '../support';
import { input } from './arbitraries';

const normalized = input.map((given) =>
  normalizeEvent(given, {
    defaults: resolveDefaults({}),
    now: () => 1_700_000_000_123.456,
    newId: () => 'id',
  }),
);

describe('the codec', () => {
  it('decodes what it encoded, times to the microsecond', () => {
    fc.assert(
      fc.property(normalized, (given) => void expect(decodeEvent(encodeEvent(given))).toEqual(given)),
    );
  });

  it('gives a store the head and the text of the data', () => {
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

  it('encodes an event once, and a copy anew', () => {
    const one = event({ message: 'one' });
    expect(encodeEvent(one)).toBe(encodeEvent(one));
    const other = { ...one, message: 'other' };
    expect(decodeEvent(encodeEvent(other)).message).toBe('other');
    expect(Object.keys(one)).not.toContain('bytes');
    expect(encodedSize(one)).toBe(encodeEvent(one).byteLength);
  });

  it('refuses damaged bytes with an error of its own', () => {
    fc.assert(
      fc.property(normalized, fc.nat(), fc.nat(255), (given, at, byte) => {
        const bytes = Uint8Array.from(encodeEvent(given));
        bytes[at % bytes.length] = byte;
        try {
          decodeEvent(bytes.subarray(0, bytes.length - (at % 3)));
        } catch (error) {
          expect(isVigilantError(error) && error.code).toBe('VIGILANT_EVENT_INVALID');
        }
      }),
    );
  });

  it('compares content whatever the order of keys and the time', () => {
    const one = event({ data: { a: 1, b: { c: [1, 2] } } });
    expect(sameContent(one, { ...one, timestamp: 1, receivedAt: 2, data: { b: { c: [1, 2] }, a: 1 } })).toBe(
      true,
    );
    expect(sameContent(one, { ...one, data: { a: 1, b: { c: [2, 1] } } })).toBe(false);
    expect(sameContent(one, { ...one, tags: ['x'] })).toBe(false);
  });
});
