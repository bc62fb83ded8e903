import { countValues } from '@vigilant/core/adapter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockRow } from '../../src/index';
import { columnsOf, summarize } from '../../src/index';
import { MINUTE_MICROS, SUMMARY_FIELDS } from '../../src/summary/block-summary';
import { rows, toEvent } from '../support/arbitraries';

const BASE = fc.sample(rows, { numRuns: 1, seed: 1 })[0] as BlockRow;

/** Returns rows that differ in what a function returns for each index. */
function rowsOf(count: number, change: (index: number) => Partial<BlockRow>): BlockRow[] {
  return Array.from({ length: count }, (_, index) => ({ ...BASE, sequence: index + 1, ...change(index) }));
}

function countAll(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

describe('summarize', () => {
  it('counts what countValues returns for each event', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 40 }), (block) => {
        const { values } = summarize(columnsOf(block));
        for (const name of SUMMARY_FIELDS) {
          const expected = block.flatMap((row) => countValues(toEvent(row), { name }));
          expect(values[name]).toEqual(countAll(expected));
        }
      }),
    );
  });

  it('counts the events of each minute and level', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 40 }), (block) => {
        const { levels, minutes } = summarize(columnsOf(block));
        expect(levels).toEqual(
          [0, 1, 2, 3].map((rank) => block.filter(({ level }) => level === rank).length),
        );
        const found = Array.from(minutes?.minutes ?? [], (minute, index) =>
          Array.from(minutes?.counts.subarray(index * 4, index * 4 + 4) ?? [], (count, level) =>
            Array.from({ length: count }, () => `${minute} ${level}`),
          ),
        );
        const expected = block.map(
          ({ timestamp, level }) => `${Math.floor(timestamp / MINUTE_MICROS)} ${level}`,
        );
        expect(countAll(found.flat(2))).toEqual(countAll(expected));
        expect(minutes?.minutes).toEqual(minutes?.minutes.slice().sort());
      }),
    );
  });

  it('returns the bounds of sequences and times', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 20 }), (block) => {
        const summary = summarize(columnsOf(block));
        const bounds = (values: readonly number[]) => ({
          min: Math.min(...values),
          max: Math.max(...values),
        });
        expect(summary).toMatchObject({
          count: block.length,
          firstSequence: block[0]?.sequence,
          lastSequence: block.at(-1)?.sequence,
          timestamp: bounds(block.map(({ timestamp }) => timestamp)),
          receivedAt: bounds(block.map(({ receivedAt }) => receivedAt)),
        });
      }),
    );
  });

  it.each([
    ['origin', 256, 1, true],
    ['origin', 257, 1, false],
    ['origin', 2, 4 * 1024, true],
    ['origin', 2, 4 * 1024 + 1, false],
    ['severity', 256, 1, true],
    ['severity', 257, 1, false],
    ['tags', 256, 1, true],
    ['tags', 257, 1, false],
  ] as const)(
    'keeps the values of %s if there are %i of %i times their text: %s',
    (field, distinct, times, isKept) => {
      const block = rowsOf(600, (index) => {
        const text = String.fromCharCode(0x4e00 + (index % distinct)).repeat(times);
        return { origin: text, severity: index % distinct, tags: JSON.stringify([text]) };
      });
      const { values } = summarize(columnsOf(block));
      expect(values[field]?.size).toBe(isKept ? distinct : undefined);
      expect(values.type?.size).toBe(1);
    },
  );

  it.each([
    [1024, 1024],
    [1025, undefined],
  ])('for %i different minutes keeps %s', (different, kept) => {
    const block = rowsOf(3_000, (index) => ({ timestamp: (index % different) * MINUTE_MICROS }));
    expect(summarize(columnsOf(block)).minutes?.minutes.length).toBe(kept);
  });
});
