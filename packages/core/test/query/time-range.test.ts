import { describe, expect, it } from 'vitest';
import { MATCH_ALL } from '../../src/filter/ast';
import { formatFilter } from '../../src/filter/format';
import { addDefaultEnd, withinRange } from '../../src/query/time-range';
import type { TimestampInput } from '../../src/event/event';

const NOW = Date.UTC(2026, 0, 1);
const since = (input: TimestampInput): string => formatFilter(withinRange(MATCH_ALL, { since: input }, NOW));

describe('withinRange', () => {
  it.each<[TimestampInput, string]>([
    ['2024', '2024-01-01T00:00:00Z'],
    ['2024-03', '2024-03-01T00:00:00Z'],
    ['20240310', '2024-03-10T00:00:00Z'],
    ['1617181723', '2021-03-31T09:08:43Z'],
    [2024, '1970-01-01T00:33:44Z'],
    ['2h', 'now-2h'],
  ])('reads since %o as %s', (input, time) => {
    expect(since(input)).toBe(`timestamp>=${time}`);
  });

  it.each<[TimestampInput, string]>([
    [
      '202403',
      'since may be a date or an epoch; write 2026-01-31, or the epoch as a number; relative times such as 2h or now-2h are valid too.',
    ],
    [
      'yesterday',
      'since is not a valid time; write ISO 8601 such as 2026-01-31T12:00:00Z, or an epoch; relative times such as 2h or now-2h are valid too.',
    ],
  ])('rejects since %o and says what to write', (input, message) => {
    expect(() => since(input)).toThrow(
      expect.objectContaining({ code: 'VIGILANT_QUERY_INVALID', message }) as Error,
    );
  });
});

describe('withinRange of both bounds', () => {
  const text = { kind: 'contains', text: 'x' } as const;
  const lower = { kind: 'ordered', field: 'timestamp', operator: '>=', value: 10_000_000 } as const;
  const upper = { kind: 'ordered', field: 'timestamp', operator: '<', value: 20_000_000 } as const;

  it('returns the filter itself without bounds', () => {
    expect(withinRange(text, {}, NOW)).toBe(text);
  });

  it.each([
    ['since', { since: 10 }, [lower]],
    ['until', { until: 20 }, [upper]],
    ['both', { since: 10, until: 20 }, [lower, upper]],
  ])('adds %s to a filter', (_, range, bounds) => {
    expect(withinRange(text, range, NOW)).toStrictEqual({ kind: 'and', filters: [text, ...bounds] });
    expect(withinRange(MATCH_ALL, range, NOW)).toStrictEqual({ kind: 'and', filters: bounds });
  });

  it.each<TimestampInput>([20, '1970-01-01T00:00:20Z', new Date(20_000)])('reads until %o', (until) => {
    expect(withinRange(MATCH_ALL, { until }, NOW)).toStrictEqual({ kind: 'and', filters: [upper] });
  });

  it.each([
    ['absolute bounds', { since: 20, until: 10 }],
    ['bounds before 1970', { since: -10, until: -20 }],
    ['relative bounds', { since: '1h', until: '2h' }],
    ['an absolute after a relative bound', { since: 'now', until: '2020-01-01' }],
  ])('rejects since later than until: %s', (_, range) => {
    const reason = 'must not be later than until';
    expect(() => withinRange(MATCH_ALL, range, NOW)).toThrow(
      expect.objectContaining({
        code: 'VIGILANT_QUERY_INVALID',
        message: `since ${reason}; swap the two.`,
        violations: [{ field: 'since', code: 'out_of_range', reason }],
      }) as Error,
    );
  });

  it.each([
    ['equal bounds', { since: 10, until: 10 }],
    ['bounds before 1970', { since: -20, until: -10 }],
    ['bounds around 1970', { since: -10, until: 10 }],
    ['equal relative bounds', { since: '1h', until: 'now-60m' }],
  ])('accepts %s', (_, range) => {
    expect(() => withinRange(MATCH_ALL, range, NOW)).not.toThrow();
  });

  it('throws the error of a Date that cannot be read', () => {
    const failure = new Error('no time today');
    const since = Object.assign(new Date(NOW), {
      getTime() {
        throw failure;
      },
    });
    expect(() => withinRange(MATCH_ALL, { since }, NOW)).toThrow(failure);
  });

  it('names the option that is not a time', () => {
    expect(() => withinRange(MATCH_ALL, { until: 'never' }, NOW)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^until is not a valid time/) as string,
        violations: [
          {
            field: 'until',
            code: 'malformed',
            reason: expect.stringMatching(/^is not a valid time/) as string,
          },
        ],
      }) as Error,
    );
  });
});

describe('addDefaultEnd', () => {
  const TOLERANCE_MS = 300_000;
  const time = (operator: '<' | '>=', value: number) =>
    ({ kind: 'ordered', field: 'timestamp', operator, value }) as const;

  it('ends a filter five minutes after now, and returns the filter for later events', () => {
    const end = (NOW + TOLERANCE_MS) * 1_000;
    expect(addDefaultEnd(MATCH_ALL, NOW)).toStrictEqual({
      filter: { kind: 'and', filters: [MATCH_ALL, time('<', end)] },
      beyond: { kind: 'and', filters: [MATCH_ALL, time('>=', end)] },
    });
  });

  it('ends a filter at a whole microsecond', () => {
    const { filter } = addDefaultEnd(MATCH_ALL, 1_000.000_7);
    expect(filter).toMatchObject({ filters: [MATCH_ALL, time('<', (1_000 + TOLERANCE_MS) * 1_000)] });
  });

  it('keeps the end of a filter', () => {
    const filter = time('<', 1_000);
    expect(addDefaultEnd(filter, NOW)).toStrictEqual({ filter });
  });

  it('ends a filter that begins before that end', () => {
    const filter = time('>=', (NOW + TOLERANCE_MS) * 1_000 - 1);
    expect(addDefaultEnd(filter, NOW)).toHaveProperty('beyond');
  });

  it('does not end a filter that begins at that end or later', () => {
    const filter = time('>=', (NOW + TOLERANCE_MS) * 1_000);
    expect(addDefaultEnd(filter, NOW)).toStrictEqual({ filter });
  });
});
