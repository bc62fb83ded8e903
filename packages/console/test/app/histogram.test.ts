import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Histogram } from '../../src/app/api/types';
import { barPaths, bucketsOf, spanOf, totalsOf, topOf } from '../../src/app/explore/histogram/bars';
import { retentionStart, zonesOf } from '../../src/app/explore/histogram/zones';
import { niceTop, timeStep, timeTicks } from '../../src/app/explore/histogram/scale';

const MINUTE = 60_000;
const FROM = Date.parse('2026-11-27T09:00:00Z');

const histogram = (counts: readonly Readonly<Record<string, number>>[]): Histogram => ({
  from: new Date(FROM).toISOString(),
  until: new Date(FROM + counts.length * MINUTE).toISOString(),
  bucketMs: MINUTE,
  buckets: counts.map((each, index) => ({
    start: new Date(FROM + index * MINUTE).toISOString(),
    counts: each,
  })),
  exact: true,
  complete: true,
});

describe('bars', () => {
  it('sum up all counts, also of levels without a colour', () => {
    const buckets = bucketsOf(
      histogram([
        { ERROR: 1, INFO: 10 },
        { WARN: 2, OTHER: 5 },
      ]),
    );
    expect(totalsOf(buckets)).toEqual({ DEBUG: 0, INFO: 10, WARN: 2, ERROR: 1, total: 18 });
  });

  it('draw one ERROR among many events at least 3 px high, at the foot', () => {
    const buckets = bucketsOf(histogram([{ ERROR: 1, INFO: 900 }]));
    const paths = barPaths(buckets, { from: FROM, to: FROM + MINUTE }, { left: 36, width: 100, height: 56 });
    expect(paths.ERROR).toBe('M36 53h98v3h-98z');
    expect(paths.INFO).toMatch(/^M36 \d+h98v/);
    expect([paths.WARN, paths.DEBUG]).toEqual(['', '']);
  });

  it('end where the range ends', () => {
    const { buckets, ...rest } = histogram([{ INFO: 1 }]);
    const cut = bucketsOf({ ...rest, buckets, until: new Date(FROM + 10).toISOString() });
    expect(cut[0]?.to).toBe(FROM + 10);
  });

  it('have no height without events', () => expect(topOf([])).toBe(1));
});

describe('spanOf', () => {
  it('is absent if no event matches and the range has no start', () => {
    expect(spanOf({ buckets: [], bucketMs: 0, exact: true, complete: true })).toBeUndefined();
  });
});

describe('zonesOf', () => {
  const whole = histogram([{}, {}, { INFO: 1 }]);
  const incomplete = { ...whole, buckets: whole.buckets.slice(2), complete: false };
  const complete = { ...incomplete, complete: true };

  it('ends the part that is not counted at the first bucket, because the newest events are counted first', () => {
    expect(zonesOf(incomplete, undefined)).toEqual([
      { kind: 'uncounted', from: FROM, to: FROM + 2 * MINUTE },
    ]);
  });

  it('marks the whole range as not counted if no event was counted', () => {
    expect(zonesOf({ ...incomplete, buckets: [] }, undefined)).toEqual([
      { kind: 'uncounted', from: FROM, to: FROM + 3 * MINUTE },
    ]);
  });

  it('marks nothing once all events are counted', () => {
    expect(zonesOf(complete, undefined)).toEqual([]);
  });

  it('marks the part before the start of retention as deleted, and only later parts as not counted', () => {
    expect(zonesOf(incomplete, FROM + MINUTE)).toEqual([
      { kind: 'deleted', from: FROM, to: FROM + MINUTE },
      { kind: 'uncounted', from: FROM + MINUTE, to: FROM + 2 * MINUTE },
    ]);
  });

  it.each([
    ['is empty if retention began before the range', FROM - 1, []],
    [
      'covers the range if retention begins after it',
      FROM + 9 * MINUTE,
      [['deleted', FROM, FROM + 3 * MINUTE]],
    ],
  ] as const)('%s', (_, retained, zones) => {
    expect(zonesOf(complete, retained).map(({ kind, from: start, to }) => [kind, start, to])).toEqual(zones);
  });

  it('is empty for a histogram without bounds', () => {
    expect(zonesOf({ buckets: [], bucketMs: 0, exact: true, complete: true }, FROM)).toEqual([]);
  });
});

describe('retentionStart', () => {
  const store = { events: 3, prunedThrough: 7, state: 'ready' };
  const oldestEventAt = '2026-11-27T09:00:00.000Z';

  it('is the time of the oldest event once retention has deleted events', () => {
    expect(retentionStart({ store, oldestEventAt })).toBe(FROM);
  });

  it.each([
    ['no event was deleted', { store: { ...store, prunedThrough: 0 }, oldestEventAt }],
    ['no event is stored', { store }],
    ['the store does not respond', { oldestEventAt }],
    ['the status is not known', undefined],
  ])('is absent if %s', (_, status) => {
    expect(retentionStart(status)).toBeUndefined();
  });
});

describe('niceTop', () => {
  it('is a whole number that is not below the maximum and not far above it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (max) => {
        const top = niceTop(max);
        expect(top).toBeGreaterThanOrEqual(max);
        expect(top).toBeLessThanOrEqual(max * 1.6 + 1);
        expect(Number.isInteger(top)).toBe(true);
      }),
    );
  });
});

describe('timeTicks', () => {
  it('are round in the zone', () => {
    const ticks = timeTicks(FROM + 1, FROM + 86_400_000, 6 * 3_600_000, 'Europe/Berlin');
    expect(ticks.map((tick) => new Date(tick).toISOString().slice(11, 16))).toEqual([
      '11:00',
      '17:00',
      '23:00',
      '05:00',
    ]);
  });

  it('are at most as many as fit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 1, max: 40 }), (width, most) => {
        expect(timeTicks(0, width, timeStep(width, most), 'UTC').length).toBeLessThanOrEqual(most + 1);
      }),
    );
  });
});
