import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockRow } from '../../src/index';
import { DamagedBlockError, columnsOf, decodeSummary, encodeSummary, summarize } from '../../src/index';
import { rows } from '../support/arbitraries';
import { changeContent, contentChanges } from '../support/content-changes';

const BASE = fc.sample(rows, { numRuns: 1, seed: 1 })[0] as BlockRow;
const blocks = fc.array(rows, { minLength: 1, maxLength: 40 });

function roundTrip(block: readonly BlockRow[]): void {
  const summary = summarize(columnsOf(block));
  expect(decodeSummary(encodeSummary(summary))).toEqual(summary);
}

describe('encodeSummary', () => {
  it('keeps the summary of any rows', () => {
    const ordered = fc
      .tuple(fc.integer({ min: 1, max: 2 ** 52 }), blocks)
      .map(([first, block]) => block.map((row, index) => ({ ...row, sequence: first + index * 3 })));
    fc.assert(fc.property(ordered, roundTrip));
  });

  it('keeps a summary without minutes and values', () => {
    roundTrip(
      Array.from({ length: 2_000 }, (_, index) => ({
        ...BASE,
        sequence: index + 1,
        timestamp: index * 60_000_000,
        origin: String(index),
        tags: JSON.stringify([String(index)]),
      })),
    );
  });

  it('needs at most 1,500 bytes for 4,096 events of 40 sources in 128 minutes', () => {
    const block = Array.from({ length: 4_096 }, (_, index) => ({
      ...BASE,
      sequence: 10_000_000 + index,
      timestamp: 1.7e15 + Math.floor(index / 32) * 60_000_000,
      level: index % 4,
      origin: `host-${index % 8}`,
      source: `module-${index % 40}`,
      tags: JSON.stringify([`tag-${index % 12}`]),
    }));
    expect(encodeSummary(summarize(columnsOf(block))).byteLength).toBeLessThan(1_500);
  });
});

describe('decodeSummary', () => {
  it('returns counts that add up or rejects bytes with a right checksum', () => {
    const all = fc.sample(rows, { numRuns: 40, seed: 1 });
    const ordered = all.map((row, index) => ({ ...row, sequence: index + 1 }));
    const bytes = encodeSummary(summarize(columnsOf(ordered)));
    fc.assert(
      fc.property(contentChanges, (changes) => {
        try {
          const { count, levels } = decodeSummary(changeContent(bytes, changes));
          expect(levels.reduce((sum, each) => sum + each, 0)).toBe(count);
        } catch (error) {
          expect(error).toBeInstanceOf(DamagedBlockError);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('rejects bytes of which one was changed, and truncated bytes', () => {
    fc.assert(
      fc.property(blocks, fc.nat(), fc.integer({ min: 1, max: 255 }), (block, at, change) => {
        const bytes = Buffer.from(encodeSummary(summarize(columnsOf(block.slice(0, 1)))));
        expect(() => decodeSummary(bytes.subarray(0, at % bytes.length))).toThrow(DamagedBlockError);
        (bytes[at % bytes.length] as number) ^= change;
        expect(() => decodeSummary(bytes)).toThrow(DamagedBlockError);
      }),
      { numRuns: 30 },
    );
  });
});
