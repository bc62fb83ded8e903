import { describe, expect, it } from 'vitest';
import type { ApiEvent, Histogram, Status } from '../../src/app/api/types';
import { groupEvents } from '../../src/app/overview/error-groups';
import { figuresOf, lossesOf, sourceRows } from '../../src/app/overview/figures';

const event = (id: string, message: string, source = 'billing'): ApiEvent =>
  ({ id, message, source }) as ApiEvent;

describe('groupEvents', () => {
  it('groups by source and message, in the order of the newest', () => {
    const groups = groupEvents([
      event('3', 'payment 3 declined'),
      event('2', 'down'),
      event('1', 'payment 1 declined'),
      event('0', 'payment 0 declined', 'mailer'),
    ]);
    expect(groups.map(({ text, source, count, newest }) => [text, source, count, newest.id])).toEqual([
      ['payment # declined', 'billing', 2, '3'],
      ['down', 'billing', 1, '2'],
      ['payment 0 declined', 'mailer', 1, '0'],
    ]);
  });
});

describe('figuresOf', () => {
  const histogram: Histogram = {
    from: '2026-03-04T10:00:00Z',
    until: '2026-03-04T10:04:00Z',
    bucketMs: 60_000,
    exact: true,
    complete: true,
    buckets: [
      { start: '2026-03-04T10:00:00Z', counts: { INFO: 5, ERROR: 1 } },
      { start: '2026-03-04T10:02:00Z', counts: { INFO: 14 } },
    ],
  };

  it('returns rates, the peak and the share of errors', () => {
    expect(figuresOf(histogram)).toEqual({
      total: 20,
      errors: 1,
      errorShare: 0.05,
      perMinute: 5,
      peak: { time: Date.parse('2026-03-04T10:02:00Z'), perMinute: 14 },
      isExact: true,
    });
  });

  it('is not exact when the deadline ended the count', () => {
    expect(figuresOf({ ...histogram, complete: false }).isExact).toBe(false);
  });

  it('has no share and no peak without events', () => {
    const empty = { buckets: [], bucketMs: 0, exact: true, complete: true } as unknown as Histogram;
    expect(figuresOf(empty)).toMatchObject({
      total: 0,
      errorShare: undefined,
      peak: undefined,
      perMinute: 0,
    });
  });
});

describe('sourceRows', () => {
  it('joins the counts of events and errors', () => {
    const facet = (values: readonly [string, number][], exact = true) => ({
      field: 'source',
      values: values.map(([value, count]) => ({ value, count })),
      exact,
    });
    const all = facet([
      ['a', 9],
      ['b', 2],
    ]);
    expect(sourceRows(all, facet([['b', 1]], false))).toEqual([
      { source: 'a', events: 9, errors: 0, isExact: false },
      { source: 'b', events: 2, errors: 1, isExact: false },
    ]);
    expect(sourceRows(undefined, undefined)).toEqual([]);
  });
});

describe('lossesOf', () => {
  it('counts as dropped what is neither stored nor a dead letter', () => {
    const status = {
      scheduler: { droppedDeadLetters: 2, deadLetters: 5 },
      intake: { failed: 3, invalid: 7 },
    } as unknown as Status;
    expect(lossesOf(status)).toEqual({ dropped: 5, rejected: 7, deadLetters: 5 });
  });
});
