import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockRow } from '../../src/index';
import { columnsOf, summarize } from '../../src/index';
import { mergeSummaries } from '../../src/summary/merge-summaries';
import { countedBlocks } from '../support/counted-rows';

const filled = countedBlocks.filter((blocks) => blocks.length > 0);

describe('mergeSummaries', () => {
  it('returns the summary of the rows of all blocks', () => {
    fc.assert(
      fc.property(filled, (blocks) => {
        expect(mergeSummaries(blocks.map((rows) => summarize(columnsOf(rows))))).toEqual(
          summarize(columnsOf(blocks.flat())),
        );
      }),
    );
  });

  it('has no minutes and no values of a field that one summary lacks', () => {
    const [rows] = fc.sample(filled, { seed: 1, numRuns: 1 }).flat() as [BlockRow[]];
    const summary = summarize(columnsOf(rows));
    const lacking = { ...summary, minutes: undefined, values: { ...summary.values, source: undefined } };
    const merged = mergeSummaries([summary, lacking]);
    expect(merged.values.source).toBeUndefined();
    expect(merged.minutes).toBeUndefined();
    expect(merged.values.type).toEqual(new Map([['log', 2 * summary.count]]));
  });

  it.each([
    ['1,024 values', 1_024, 1_024],
    ['1,025 values', 1_025, undefined],
  ])('keeps %s of a field: %i, %s', (_, count, kept) => {
    const [[row]] = fc.sample(filled, { seed: 1, numRuns: 1 })[0] as [[BlockRow]];
    const blocks = Array.from({ length: 5 }, (_block, block) =>
      Array.from({ length: count }, (_row, index) => ({ ...row, origin: String(index) })).slice(
        block * 256,
        block * 256 + 256,
      ),
    ).filter((rows) => rows.length > 0);
    expect(mergeSummaries(blocks.map((rows) => summarize(columnsOf(rows)))).values.origin?.size).toBe(kept);
  });

  it.each([
    [4_096, 4_096],
    [4_097, undefined],
  ])('for %i different minutes keeps %s', (count, kept) => {
    const [[row]] = fc.sample(filled, { seed: 1, numRuns: 1 })[0] as [[BlockRow]];
    const rows = Array.from({ length: count }, (_, minute) => ({ ...row, timestamp: minute * 60_000_000 }));
    const blocks = [0, 1, 2, 3, 4].map((block) => rows.slice(block * 1_024, block * 1_024 + 1_024));
    const summaries = blocks.filter((each) => each.length > 0).map((rows) => summarize(columnsOf(rows)));
    expect(mergeSummaries(summaries).minutes?.minutes.length).toBe(kept);
  });
});
