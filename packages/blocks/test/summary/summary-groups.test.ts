import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockHeader, BlockSummary } from '../../src/index';
import { columnsOf, groupBlocks, summarize } from '../../src/index';
import { GROUP_SEQUENCES } from '../../src/summary/summary-groups';
import { mergeSummaries } from '../../src/summary/merge-summaries';
import { headerOf } from '../support/blocks';
import { countedBlocks } from '../support/counted-rows';

const summaries = countedBlocks.map((blocks) => blocks.map((rows) => summarize(columnsOf(rows))));

/** Reads summaries and counts how often. */
function reader(all: readonly BlockSummary[]) {
  const known = new Map(all.map((summary) => [summary.firstSequence, summary]));
  const counted = { reads: 0, read };
  function read({ firstSequence }: BlockHeader): BlockSummary | undefined {
    counted.reads += 1;
    return known.get(firstSequence);
  }
  return counted;
}

describe('groupBlocks', () => {
  it('keeps every block in its order, each group within a range of sequences', () => {
    fc.assert(
      fc.property(summaries, (all) => {
        const groups = groupBlocks(all, reader(all).read);
        expect(groups.flatMap(({ headers }) => headers)).toEqual(all);
        for (const { headers } of groups) {
          const numbers = headers.map(({ firstSequence }) => Math.floor(firstSequence / GROUP_SEQUENCES));
          expect(new Set(numbers).size).toBe(1);
        }
      }),
    );
  });

  it('merges the summaries of each group after any change', () => {
    const changes = fc.array(fc.constantFrom('keep', 'drop', 'shrink'), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(summaries, changes, fc.nat(6), fc.boolean(), (all, fates, sealed, isMerged) => {
        const before = groupBlocks(all.slice(0, sealed).map(headerOf), reader(all).read);
        if (isMerged) for (const group of before) group.summary();
        const now = all.flatMap((summary, index) => {
          if (fates[index] === 'drop') return [];
          return fates[index] === 'shrink' ? [{ ...summary, count: summary.count - 1 }] : [summary];
        });
        const after = groupBlocks(now.map(headerOf), reader(now).read, before);
        expect(after.flatMap(({ headers }) => headers)).toEqual(now.map(headerOf));
        for (const group of after) {
          const members = now.filter(({ firstSequence }) =>
            group.headers.some((header) => header.firstSequence === firstSequence),
          );
          expect(group.summary()).toEqual(mergeSummaries(members));
          expect(group.header).toEqual(headerOf(mergeSummaries(members)));
        }
      }),
    );
  });

  const rows =
    fc.sample(countedBlocks, { seed: 2, numRuns: 50 }).find((blocks) => blocks.length > 0)?.[0] ?? [];
  const blocks = [1, 2, 3].map((sequence) => ({ ...summarize(columnsOf(rows)), firstSequence: sequence }));

  it('reads each summary of a group once, and those of added blocks', () => {
    const counted = reader(blocks);
    const before = groupBlocks(blocks.slice(0, 2), counted.read);
    expect(counted.reads).toBe(0);
    before[0]?.summary();
    before[0]?.summary();
    expect(counted.reads).toBe(2);
    const [group] = groupBlocks(blocks, counted.read, before);
    group?.summary();
    expect(counted.reads).toBe(3);
  });

  it('returns undefined if a summary cannot be read, and does not try again', () => {
    const counted = reader(blocks.slice(0, 1));
    const [group] = groupBlocks(blocks, counted.read);
    expect(group?.summary()).toBeUndefined();
    expect(group?.summary()).toBeUndefined();
    expect(counted.reads).toBe(3);
  });
});
