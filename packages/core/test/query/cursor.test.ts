import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageCursor } from '../../src/query/cursor';
import {
  decodePageCursor,
  decodeTailCursor,
  encodePageCursor,
  encodeTailCursor,
  hashQuery,
} from '../../src/query/cursor';
import { isVigilantError } from '../../src/util/errors';

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

const EPOCH = 'b8f3a0e2-6f0a-4f27-8f3c-1f0f6a3a0c11';
const PAGE: PageCursor = {
  ...{ epoch: EPOCH, order: 'oldest', hash: hashQuery('level>=WARN'), now: 1_700_000_000_000.5, asOf: 99 },
  after: { timestamp: 1_700_000_000_000_000, sequence: 42 },
};
const DAMAGED = expect.objectContaining({
  code: 'VIGILANT_CURSOR_INVALID',
  message: 'The cursor is damaged or was created by another version. Start again without it.',
});

/** Adds the checksum to the content of a cursor. */
function seal(content: Buffer): string {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([content, checksum]).toString('base64url');
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

describe('cursors', () => {
  it('decode to what was encoded', () => {
    fc.assert(
      fc.property(page, (cursor) => void expect(decodePageCursor(encodePageCursor(cursor))).toEqual(cursor)),
    );
    fc.assert(
      fc.property(fc.record({ epoch, sequence }), (cursor) => {
        expect(decodeTailCursor(encodeTailCursor(cursor))).toEqual(cursor);
      }),
    );
  });

  it('are rejected with VIGILANT_CURSOR_INVALID if they are any other text', () => {
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

  it('of a page are rejected for a tail, and the other way round', () => {
    expect(() => decodePageCursor(encodeTailCursor({ epoch: 'e', sequence: 1 }))).toThrow(
      /does not belong to a page/,
    );
    expect(() => decodeTailCursor(encodePageCursor(PAGE))).toThrow(/does not belong to a tail/);
  });

  it.each([
    ['tail', encodeTailCursor({ epoch: EPOCH, sequence: 42 }), decodeTailCursor],
    ['page', encodePageCursor(PAGE), decodePageCursor],
  ])('of a %s are rejected with any single byte damaged or missing', (_, text, decode) => {
    const bytes = Buffer.from(text, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const bent = Buffer.from(bytes);
        bent[index] = (bent[index] as number) ^ (1 << bit);
        expect(() => decode(bent.toString('base64url')), `bit ${bit} of byte ${index}`).toThrow(DAMAGED);
      }
      const cut = bytes.subarray(0, index).toString('base64url');
      expect(() => decode(cut), `cut at ${index}`).toThrow(DAMAGED);
    }
  });

  describe('that are whole', () => {
    const tail = (sequence: number, head = [2, 2], epochBytes = 1): Buffer =>
      Buffer.concat([Buffer.from(head), double(sequence), Buffer.alloc(epochBytes, 'e')]);
    const pageOf = (
      change: Partial<Record<'order' | 'now' | 'asOf' | 'timestamp' | 'sequence', number>>,
    ): Buffer => {
      const { order = 0, now = 0, asOf = 0, timestamp = 0, sequence = 0 } = change;
      const numbers = [now, asOf, timestamp, sequence].map(double);
      return Buffer.concat([Buffer.from([2, 1, order]), Buffer.alloc(8), ...numbers, Buffer.from('e')]);
    };
    const MOST = 2 ** 43;

    it.each([
      ['a tail', tail(7), decodeTailCursor],
      ['a tail with the longest epoch', tail(0, [2, 2], 64), decodeTailCursor],
      ['a page', pageOf({}), decodePageCursor],
      [
        'a page at the first times',
        pageOf({ order: 2, now: -MOST, timestamp: -MOST * 1000 }),
        decodePageCursor,
      ],
      ['a page at the last times', pageOf({ now: MOST, timestamp: MOST * 1000 }), decodePageCursor],
    ])('are read: %s', (_, content, decode) => {
      expect(() => decode(seal(content))).not.toThrow();
    });

    it.each([
      ['another version', tail(7, [1, 2]), decodeTailCursor],
      ['no epoch', tail(7, [2, 2], 0), decodeTailCursor],
      ['a long epoch', tail(7, [2, 2], 65), decodeTailCursor],
      ['a negative sequence', tail(-1), decodeTailCursor],
      ['half a sequence', tail(0.5), decodeTailCursor],
      ['an unknown order', pageOf({ order: 3 }), decodePageCursor],
      ['a now that is not a number', pageOf({ now: NaN }), decodePageCursor],
      ['a now too late', pageOf({ now: MOST + 1 }), decodePageCursor],
      ['a now too early', pageOf({ now: -MOST - 1 }), decodePageCursor],
      ['a negative bound', pageOf({ asOf: -1 }), decodePageCursor],
      ['a negative sequence in a page', pageOf({ sequence: -1 }), decodePageCursor],
      ['half a microsecond', pageOf({ timestamp: 0.5 }), decodePageCursor],
      ['a timestamp too late', pageOf({ timestamp: MOST * 1000 + 1 }), decodePageCursor],
      ['a timestamp too early', pageOf({ timestamp: -MOST * 1000 - 1 }), decodePageCursor],
    ])('are rejected with %s', (_, content, decode) => {
      expect(() => decode(seal(content))).toThrow(DAMAGED);
    });
  });

  it.each([
    ['other characters between its own', `!${encodeTailCursor({ epoch: 'e', sequence: 1 })}`],
    ['a length beyond any cursor', seal(Buffer.alloc(1_000_000))],
    ['another type than text', undefined as never],
  ])('are rejected with %s', (_, text) => {
    expect(() => decodeTailCursor(text)).toThrow(DAMAGED);
  });
});

describe('hashQuery', () => {
  it('distinguishes filters by 16 hexadecimal digits', () => {
    expect(hashQuery('a')).toMatch(/^[0-9a-f]{16}$/);
    expect(hashQuery('a')).not.toBe(hashQuery('b'));
  });
});
