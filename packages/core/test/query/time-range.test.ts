import { describe, expect, it } from 'vitest';
import { MATCH_ALL } from '../../src/filter/ast';
import { formatFilter } from '../../src/filter/format';
import { withinRange } from '../../src/query/time-range';
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
      'since may be a date or an epoch; write 2026-01-31, or the epoch as a number. Relative times such as 2h or now-2h are valid too.',
    ],
    [
      'yesterday',
      'since is not a valid time; write ISO 8601 such as 2026-01-31T12:00:00Z, or an epoch. Relative times such as 2h or now-2h are valid too.',
    ],
  ])('rejects since %o and says what to write', (input, message) => {
    expect(() => since(input)).toThrow(
      expect.objectContaining({ code: 'VIGILANT_QUERY_INVALID', message }) as Error,
    );
  });
});
