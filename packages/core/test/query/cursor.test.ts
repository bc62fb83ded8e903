import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodePageCursor,
  decodeTailCursor,
  encodePageCursor,
  encodeTailCursor,
  hashQuery,
} from '../../src/query/cursor';
import { isVigilantError } from '../../src/errors';

const epoch = fc.string({ minLength: 1, maxLength: 36, unit: 'grapheme-ascii' });
const sequence = fc.maxSafeNat();
const page = fc.record({
  epoch,
  order: fc.constantFrom('newest', 'oldest', 'arrival'),
  hash: fc.string().map(hashQuery),
  now: fc.integer({ min: -(2 ** 43), max: 2 ** 43 }),
  asOf: sequence,
  after: fc.record({ timestamp: fc.integer({ min: -(2 ** 43) * 1000, max: 2 ** 43 * 1000 }), sequence }),
});

describe('cursors', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(page, (cursor) => void expect(decodePageCursor(encodePageCursor(cursor))).toEqual(cursor)),
    );
    fc.assert(
      fc.property(fc.record({ epoch, sequence }), (cursor) => {
        expect(decodeTailCursor(encodeTailCursor(cursor))).toEqual(cursor);
      }),
    );
  });

  it('are refused with a clear error whatever is sent instead', () => {
    const bytes = fc.uint8Array({ maxLength: 120 }).map((array) => Buffer.from(array).toString('base64url'));
    const bent = fc.tuple(page, fc.nat(60), fc.nat(255)).map(([cursor, index, byte]) => {
      const buffer = Buffer.from(encodePageCursor(cursor), 'base64url');
      buffer[index] = byte;
      return buffer.toString('base64url');
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), bytes, bent), (text) => {
        for (const decode of [decodePageCursor, decodeTailCursor]) {
          try {
            decode(text);
          } catch (error) {
            expect(isVigilantError(error) && error.code).toBe('VIGILANT_CURSOR_INVALID');
          }
        }
      }),
    );
  });

  it('are not taken one for the other', () => {
    expect(() => decodePageCursor(encodeTailCursor({ epoch: 'e', sequence: 1 }))).toThrow(/of a tail/);
  });
});
