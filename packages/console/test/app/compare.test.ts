import { describe, expect, it } from 'vitest';
import { createApiClient } from '../../src/app/api/client';
import type { Histogram } from '../../src/app/api/types';
import { outlinePath } from '../../src/app/explore/compare/outline';
import { compareCounts, previousPeriod, shiftedBuckets } from '../../src/app/explore/compare/previous';
import { keyOf, PreviousCounts } from '../../src/app/explore/compare/previous-counts.svelte';
import { settle } from '../support/settle';

const MINUTE = 60_000;
const FROM = Date.parse('2026-11-27T09:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();

const histogram = (...counts: readonly Readonly<Record<string, number>>[]): Histogram => ({
  from: iso(FROM),
  until: iso(FROM + counts.length * MINUTE),
  bucketMs: MINUTE,
  buckets: counts.map((each, index) => ({ start: iso(FROM + index * MINUTE), counts: each })),
  exact: true,
  complete: true,
});

describe('previousPeriod', () => {
  it('ends where an absolute range begins, and is as long', () => {
    const range = { kind: 'absolute' as const, since: iso(FROM), until: iso(FROM + 10 * MINUTE) };
    expect(previousPeriod(range, 0)?.parameters).toEqual({
      since: iso(FROM - 10 * MINUTE),
      until: iso(FROM),
    });
  });

  it('is relative for a relative range, so that both depend on the clock of the server', () => {
    const period = previousPeriod({ kind: 'relative', last: '15m' }, FROM);
    expect(period).toEqual({
      parameters: { since: '30m', until: '15m' },
      bounds: { from: FROM - 30 * MINUTE, to: FROM - 15 * MINUTE },
    });
  });

  it('does not exist for all times', () => {
    expect(previousPeriod({ kind: 'all' }, FROM)).toBeUndefined();
  });
});

describe('compareCounts', () => {
  it('returns the change of each level and of the total', () => {
    const differences = compareCounts(
      histogram({ ERROR: 3, INFO: 9 }),
      histogram({ ERROR: 2 }, { INFO: 10 }),
    );
    expect(differences.map(({ of, now, before, change }) => [of, now, before, change])).toEqual([
      ['total', 12, 12, 0],
      ['ERROR', 3, 2, 0.5],
      ['WARN', 0, 0, 0],
      ['INFO', 9, 10, -0.1],
      ['DEBUG', 0, 0, 0],
    ]);
  });

  it('has no percentage for a count that was 0', () => {
    expect(compareCounts(histogram({ WARN: 1 }), histogram())[2]?.change).toBeUndefined();
  });
});

describe('outlinePath', () => {
  const plot = { left: 0, width: 100, height: 106 };

  it('follows the tops of the buckets and returns to the foot between them', () => {
    const buckets = shiftedBuckets(histogram({ INFO: 5 }, { INFO: 10 }, {}, { INFO: 5 }), MINUTE).filter(
      ({ total }) => total > 0,
    );
    const bounds = { from: FROM + MINUTE, to: FROM + 5 * MINUTE };
    expect(outlinePath(buckets, bounds, plot, 10)).toBe('M0 106V56H25V6H50V106M75 106V56H100V106');
  });

  it('stays within the plot', () => {
    const buckets = shiftedBuckets(histogram({ INFO: 10 }), 0);
    expect(outlinePath(buckets, { from: FROM + MINUTE / 2, to: FROM + MINUTE }, plot, 10)).toBe(
      'M0 106V6H100V106',
    );
  });

  it('is empty without buckets', () => {
    expect(outlinePath([], { from: 0, to: 1 }, plot, 1)).toBe('');
  });
});

describe('PreviousCounts', () => {
  const state = { query: ' a ', range: { kind: 'relative' as const, last: '1h' } };

  it('requests the period before the range, and ignores the response of a cancelled request', async () => {
    const asked: string[] = [];
    const answers: ((response: Response) => void)[] = [];
    const fetch = ((url: URL) => {
      asked.push(['filter', 'since', 'until'].map((name) => url.searchParams.get(name)).join());
      return new Promise((resolve) => answers.push(resolve));
    }) as unknown as typeof globalThis.fetch;
    const previous = new PreviousCounts(createApiClient({ base: 'http://localhost/', fetch }));
    previous.load(state, 12)();
    previous.load({ ...state, query: 'b' }, 12);
    answers[1]?.(Response.json(histogram({ INFO: 2 })));
    await expect.poll(() => previous.current?.histogram.buckets).toHaveLength(1);
    answers[0]?.(Response.json(histogram()));
    await settle();
    expect(asked).toEqual(['a,2h,1h', 'b,2h,1h']);
    expect(previous.current?.key).toBe(keyOf({ ...state, query: 'b' }));
  });

  it('keeps the error of the server', async () => {
    const fetch = (async () => Response.json({ detail: 'No.' }, { status: 500 })) as typeof globalThis.fetch;
    const previous = new PreviousCounts(createApiClient({ base: 'http://localhost/', fetch }));
    previous.load(state, 12);
    await expect.poll(() => previous.error).toMatchObject({ message: 'No.' });
    expect(previous.current).toBeUndefined();
  });
});
