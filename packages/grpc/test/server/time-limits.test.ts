import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCheckMs, toGetMs, toSearchMs } from '../../src/server/time-limits';

/** Time in which core waits for a late page, and in which the response reaches the client, in milliseconds. */
const LATE_PAGE_MS = 2_000;
const RESPONSE_MS = 500;

const deadlines = (min: number) => fc.integer({ min, max: 900_000 });

describe('toSearchMs', () => {
  it('leaves time for a late page and the response if 5 s or more remain', () => {
    fc.assert(fc.property(deadlines(5_000), (ms) => toSearchMs(ms) + LATE_PAGE_MS + RESPONSE_MS <= ms));
  });

  it('is 10 s without a deadline', () => {
    expect(toSearchMs(Infinity)).toBe(10_000);
  });
});

describe('toGetMs', () => {
  it('leaves time only for the response if 1 s or more remains', () => {
    fc.assert(fc.property(deadlines(1_000), (ms) => toGetMs(ms) === Math.min(600_000, ms - RESPONSE_MS)));
  });

  it('is the default of core without a deadline', () => {
    expect(toGetMs(Infinity)).toBeUndefined();
  });
});

describe('toCheckMs', () => {
  it('leaves time for the response if 1 s or more remains, up to 10 s', () => {
    fc.assert(fc.property(deadlines(1_000), (ms) => toCheckMs(ms) === Math.min(10_000, ms - RESPONSE_MS)));
  });
});

describe.each([
  ['toCheckMs', toCheckMs],
  ['toSearchMs', toSearchMs],
  ['toGetMs', toGetMs],
])('%s', (_, limit) => {
  it('is at least 1 ms, also after the deadline', () => {
    for (const ms of [-1_000, 0, 0.4, 1]) expect(limit(ms)).toBe(1);
  });
});
