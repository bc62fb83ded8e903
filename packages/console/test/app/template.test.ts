import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonTexts, maskMessage } from '../../src/app/text/template';

describe('maskMessage', () => {
  it.each([
    ['payment 431 declined after 5000.25 ms', 'payment # declined after # ms'],
    ['took 1,234 ms at 10:31:04', 'took # ms at #'],
    ['order 019ac0f2-7b1c-7e44-9d0a-4f6a1c22e831 failed', 'order # failed'],
    ['commit 4f6a1c22e831 is missing', 'commit # is missing'],
    ['pointer 0x7FFEE is null', 'pointer # is null'],
    ['token 01ARZ3NDEKTSV4RRFFQ69G5FAV expired', 'token # expired'],
    ['connect 10.0.4.17:443 failed', 'connect # failed'],
    ['peer fe80::1ff:fe23:4567:890a left', 'peer # left'],
    ['device 00:1b:44:11:3a:b7 left', 'device # left'],
    ['at 2026-03-04T05:06:07.000250Z or 2026-03-04 05:06', 'at # or #'],
    ['file "a b.txt" is missing', 'file "…" is missing'],
    ["key 'a' of 'b' is missing", "key '…' of '…' is missing"],
    ["don't retry 3 times, it's over", "don't retry # times, it's over"],
    ['the facade decade faded', 'the facade decade faded'],
    ['order12 of v1.2.3', 'order# of v#'],
    ['', ''],
  ])('masks %j', (message, masked) => expect(maskMessage(message)).toBe(masked));

  /** Texts of the pieces that the expressions look for, in any order. */
  const hostile = fc
    .array(
      fc.constantFrom(
        ...['"', "'", '#', '…', '\\', '\n', ' ', ':', '::', '.', '-', 'x', 'Z', '_', 'é'],
        ...['a', 'f', 'abcdef', '0', '42', '0x1f', 'dead1beef', '2026-03-04', 'T05:06', "don't"],
        ...['fe80', '019ac0f2-7b1c-7e44-9d0a-4f6a1c22e831', '01ARZ3NDEKTSV4RRFFQ69G5FAV', '10.0.0.1'],
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(''));

  it('does not change a masked message', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'grapheme' })), (message) => {
        const masked = maskMessage(message);
        expect(maskMessage(masked)).toBe(masked);
      }),
      { numRuns: 2_000, examples: [["''019ac0f2-7b1c-7e44-9d0a-4f6a1c22e831'"], ["'a'0'"]] },
    );
  });

  it('leaves no digit', () => {
    fc.assert(
      fc.property(hostile, (message) => {
        expect(maskMessage(message)).not.toMatch(/\d/);
      }),
    );
  });

  it.each([
    'a',
    '1',
    'f:',
    '1.',
    '"',
    "'",
    "'x ",
    '"\\"',
    '\\"',
    'abcdef1-',
    '0x',
    'f1::',
    '2026-03-04T05:06+',
    'a1_',
  ])('masks 256 KiB of %j in linear time', (part) => {
    const message = part.repeat((256 * 1_024) / part.length);
    const start = performance.now();
    maskMessage(message);
    // An expression with quadratic time needs minutes.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('commonTexts', () => {
  it('are part of each message with the mask', () => {
    expect(commonTexts(maskMessage('payment 431 of "a" declined: card #5'))).toEqual([
      'payment',
      'of',
      'declined: card',
    ]);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (message) => {
        for (const text of commonTexts(maskMessage(message))) expect(message).toContain(text);
      }),
    );
  });

  it('are none where everything differs', () => {
    expect(commonTexts(maskMessage('42: "x" -> 7'))).toEqual([]);
  });
});
