import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IdRun } from '../../src/index';
import {
  DamagedBlockError,
  byteTextsOf,
  decodeHead,
  encodeRun,
  findBlocks,
  hashIds,
  mergeRuns,
} from '../../src/index';
import { ids } from '../support/arbitraries';
import { collect, stored } from '../support/runs';

const hashId = (id: string): number => hashIds(byteTextsOf([id]))[0] as number;

/** The ids of some blocks: hashes of ids, and hashes that are close together or repeated. */
const hashes = fc.oneof(
  ids.map(hashId),
  fc.nat(20),
  fc.nat(20).map((distance) => 2 ** 48 - 1 - distance),
  fc.integer({ min: 0, max: 2 ** 48 - 1 }),
);
const blocks = fc.uniqueArray(
  fc.record({
    block: fc.integer({ min: 1, max: 2 ** 53 - 1 }),
    hashes: fc.array(hashes, { minLength: 1, maxLength: 60 }),
  }),
  { maxLength: 8, selector: ({ block }) => block },
);

/** A block of as many ids that are not in another block. */
function manyIds(block: number, count: number): { block: number; hashes: number[] } {
  return { block, hashes: Array.from({ length: count }, (_, index) => hashId(`${block}-${index}`)) };
}

const runsOf = (all: readonly { block: number; hashes: readonly number[] }[]): IdRun[] =>
  all.map((each) => stored(encodeRun(each.hashes, each.block)));

/** Returns the blocks of each hash in ascending order. */
function search(runs: readonly IdRun[], wanted: readonly number[]): number[][] {
  const found = wanted.map((): number[] => []);
  for (const { index, block } of findBlocks(runs, wanted)) found[index]?.push(block);
  return found.map((each) => each.sort((a, b) => a - b));
}

function expected(all: readonly { block: number; hashes: readonly number[] }[], wanted: readonly number[]) {
  return wanted.map((hash) =>
    all
      .flatMap((each) => each.hashes.filter((candidate) => candidate === hash).map(() => each.block))
      .sort((a, b) => a - b),
  );
}

describe('findBlocks', () => {
  it('returns exactly the blocks that contain a hash', () => {
    fc.assert(
      fc.property(blocks, fc.array(hashes), (all, others) => {
        const wanted = [...all.flatMap((each) => each.hashes), ...others];
        expect(search(runsOf(all), wanted)).toEqual(expected(all, wanted));
      }),
    );
  });

  it('finds every id of runs with several parts', () => {
    const all = [manyIds(1, 5_000), manyIds(5_001, 7_000)];
    const wanted = [...all.flatMap((each) => each.hashes), ...manyIds(9, 5_000).hashes];
    expect(search(runsOf(all), wanted)).toEqual([
      ...Array.from({ length: 5_000 }, () => [1]),
      ...Array.from({ length: 7_000 }, () => [5_001]),
      ...Array.from({ length: 5_000 }, () => []),
    ]);
  });

  it('reads a part for few of the hashes that a run does not contain', () => {
    const run = stored(encodeRun(manyIds(1, 20_000).hashes, 1));
    const reads = new Set<number>();
    const counted = { head: run.head, readPart: (part: number) => (reads.add(part), run.readPart(part)) };
    const wanted = manyIds(2, 20_000).hashes;
    const passing = wanted.filter((hash) => counted.head.filter.has(hash));
    findBlocks([counted], [wanted.find((hash) => !run.head.filter.has(hash)) as number]);
    expect(reads.size).toBe(0);
    expect(passing.length).toBeLessThan(200);
  });
});

describe('mergeRuns', () => {
  it('keeps the entries of every block that exists', () => {
    fc.assert(
      fc.property(blocks, fc.func(fc.boolean()), (all, keepsBlock) => {
        const merged = stored(collect(mergeRuns(runsOf(all), keepsBlock)));
        const kept = all.filter(({ block }) => keepsBlock(block));
        const wanted = all.flatMap((each) => each.hashes);
        expect(search([merged], wanted)).toEqual(expected(kept, wanted));
        expect([...merged.head.blocks]).toEqual(kept.map(({ block }) => block).sort((a, b) => a - b));
        expect(merged.head.entries).toBe(kept.reduce((sum, each) => sum + each.hashes.length, 0));
      }),
    );
  });

  it('merges runs that were merged before, with several parts', () => {
    const all = [manyIds(1, 3_000), manyIds(3_001, 3_000), manyIds(6_001, 3_000), manyIds(9_001, 10)];
    const first = stored(collect(mergeRuns(runsOf(all.slice(0, 2)), () => true)));
    const merged = stored(collect(mergeRuns([first, ...runsOf(all.slice(2))], (block) => block !== 3_001)));
    const kept = all.filter(({ block }) => block !== 3_001);
    const wanted = all.flatMap((each) => each.hashes);
    expect(search([merged], wanted)).toEqual(expected(kept, wanted));
    expect(merged.head.parts).toBeGreaterThan(1);
  });
});

describe('the bytes of a run', () => {
  const changes = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }));
  const damage = (bytes: Uint8Array, [at, change]: [number, number]): [Uint8Array, Uint8Array] => {
    const changed = Buffer.from(bytes);
    (changed[at % changed.length] as number) ^= change;
    return [changed, bytes.subarray(0, at % bytes.length)];
  };
  const run = encodeRun(manyIds(1, 100).hashes, 1);

  it('are rejected if a byte of the head was changed, or if it was truncated', () => {
    const property = fc.property(changes, (change) => {
      for (const bytes of damage(run.head, change))
        expect(() => decodeHead(bytes)).toThrow(DamagedBlockError);
    });
    fc.assert(property, { numRuns: 50 });
  });

  it('are rejected if a byte of a part was changed, or if it was truncated', () => {
    const property = fc.property(changes, (change) => {
      for (const bytes of damage(run.parts[0] as Uint8Array, change))
        expect(() => search([stored({ ...run, parts: [bytes] })], manyIds(1, 1).hashes)).toThrow(
          DamagedBlockError,
        );
    });
    fc.assert(property, { numRuns: 50 });
  });

  it('are at most 8 for each id of a block', () => {
    const { head, parts } = encodeRun(manyIds(1, 5_000).hashes, 1_000_001);
    const bytes = parts.reduce((sum, part) => sum + part.byteLength, head.byteLength);
    expect(bytes / 5_000).toBeLessThan(8);
  });
});
