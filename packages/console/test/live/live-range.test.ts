import { describe, expect, it } from 'vitest';
import { isOpenEnded, toOpenEnded } from '../../src/app/live/live-range';
import { isLoadable } from '../../src/app/live/loadable';
import type { GapReason, GapRow } from '../../src/app/explore/rows/event-list';
import { formatSpan, type DateFormat } from '../../src/app/time/event-time';

const SINCE = '2026-03-04T10:00:00.000Z';
const UNTIL = '2026-03-04T11:00:00.000Z';

describe('toOpenEnded', () => {
  it('replaces a range that has ended by the one that it came from', () => {
    expect(toOpenEnded({ kind: 'absolute', since: SINCE, until: UNTIL, last: '6h' })).toEqual({
      kind: 'relative',
      last: '6h',
    });
    expect(toOpenEnded({ kind: 'absolute', since: SINCE, until: UNTIL })).toEqual({
      kind: 'relative',
      last: '1h',
    });
  });

  it.each([{ kind: 'all' }, { kind: 'relative', last: '5m' }, { kind: 'absolute', since: SINCE }] as const)(
    'keeps %j',
    (range) => {
      expect(toOpenEnded(range)).toBe(range);
      expect(isOpenEnded(range)).toBe(true);
    },
  );
});

describe('isLoadable', () => {
  it('is true for events that the server still has', () => {
    const reasons: readonly GapReason[] = ['fast', 'paused', 'slow', 'pruned', 'epoch', 'reconnect', 'gone'];
    expect(reasons.filter((reason) => isLoadable({ reason } as GapRow))).toEqual(['fast', 'paused', 'slow']);
  });
});

describe('formatSpan', () => {
  const date: DateFormat = (ms) => new Date(ms).toISOString().slice(11, 19);

  it.each([
    ['2026-03-04T10:31:02Z', '2026-03-04T10:31:02.900Z', '10:31:02'],
    ['2026-03-04T10:31:02Z', '2026-03-04T10:31:04Z', '10:31:02–04'],
    ['2026-03-04T10:31:59Z', '2026-03-04T10:32:01Z', '10:31:59–32:01'],
    ['2026-03-04T10:59:59Z', '2026-03-04T11:02:01Z', '10:59–11:02'],
  ])('formats %s to %s as %s', (since, until, text) => {
    expect(formatSpan(since, until, 'UTC', date)).toBe(text);
  });
});
