import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../src/filter/parse';
import { formatRelativeTime, parseRelativeTime, resolveFilter } from '../../src/filter/time';
import { filters } from './arbitraries';

const NOW = Date.UTC(2026, 0, 1);

describe('resolveFilter', () => {
  it('replaces relative times anywhere in the tree by microseconds', () => {
    expect(resolveFilter(parseFilter('x (y OR -timestamp>=now-2h)'), NOW + 0.25)).toEqual(
      resolveFilter(parseFilter('x (y OR -timestamp>=2025-12-31T22:00:00.00025Z)'), 0),
    );
  });

  it('leaves no relative time, and does not change its result', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const resolved = resolveFilter(filter, NOW);
        expect(JSON.stringify(resolved)).not.toContain('"relative"');
        expect(resolveFilter(resolved, NOW + 1000)).toEqual(resolved);
      }),
    );
  });

  it('limits times to the range of timestamps', () => {
    const last = { kind: 'ordered', field: 'timestamp', operator: '<', value: 2 ** 43 * 1000 };
    expect(resolveFilter(parseFilter('timestamp<now+13000w'), NOW)).toEqual(last);
  });
});

describe('parseRelativeTime', () => {
  it.each([
    ['now', 0],
    ['now-0s', 0],
    ['now-1ms', -1000],
    ['now+1s', 1_000_000],
    ['now-15m', -900_000_000],
    ['now-2h', -7_200_000_000],
    ['now-1d', -86_400_000_000],
    ['now+3w', 1_814_400_000_000],
  ])('parses %s to %i µs', (text, offset) => {
    expect(parseRelativeTime(text)).toBe(offset);
  });

  it.each([
    '',
    'Now',
    'now ',
    'now-',
    'now-h',
    'now-1',
    'now-1y',
    'now-1.5h',
    'now--1h',
    '2h',
    'now-99999999999w',
  ])('returns undefined for %j', (text) => {
    expect(parseRelativeTime(text)).toBeUndefined();
  });

  it('parses what formatRelativeTime returns', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 43), max: 2 ** 43 }), (ms) => {
        const offset = ms * 1000 + 0;
        return parseRelativeTime(formatRelativeTime(offset)) === offset;
      }),
    );
  });
});

describe('limits of relative times', () => {
  it('resolves to the first timestamp at the earliest', () => {
    const first = { kind: 'ordered', field: 'timestamp', operator: '>', value: -(2 ** 43) * 1_000 };
    expect(resolveFilter(parseFilter(`timestamp>now-${2 ** 43}ms`), -1)).toEqual(first);
  });

  it.each([
    [2 ** 43, 2 ** 43 * 1_000],
    [2 ** 43 + 1, undefined],
  ])('reads now+%dms as %o µs', (ms, offset) => {
    expect(parseRelativeTime(`now+${ms}ms`)).toBe(offset);
  });

  it.each([
    [0, 'now'],
    [1_000, 'now+1ms'],
    [90_000_000, 'now+90s'],
    [-604_800_000_000, 'now-1w'],
  ])('writes %d µs as %s', (offset, text) => {
    expect(formatRelativeTime(offset)).toBe(text);
  });

  it('does not format a fraction of a millisecond', () => {
    expect(() => formatRelativeTime(1)).toThrow(
      new RangeError('A relative time must be a whole number of milliseconds.'),
    );
  });
});
