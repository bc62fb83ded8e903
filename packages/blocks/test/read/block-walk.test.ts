import type { EventOrder, EventPosition } from '@vigilant/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockRow } from '../../src/index';
import type { WalkOptions } from '../../src/read/block-walk';
import { BlockWalk, walkOrder } from '../../src/index';
import { createBlock } from '../support/test-block';
import { createRows } from '../support/rows';

const ORDERS: readonly EventOrder[] = ['newest', 'oldest', 'arrival'];

/** Blocks of a few rows each, whose timestamps overlap and are often equal. */
const blocks = fc
  .array(fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 })
  .map((timestamps) => {
    let sequence = 0;
    return timestamps.map((times) =>
      times.map((timestamp) => ({ ...(createRows(1)[0] as BlockRow), timestamp, sequence: (sequence += 1) })),
    );
  });

const inputs = fc.record({
  blocks,
  order: fc.constantFrom(...ORDERS),
  after: fc.option(fc.record({ timestamp: fc.nat(9), sequence: fc.nat(30) }), { nil: undefined }),
  asOf: fc.nat(40),
  maxOpened: fc.integer({ min: 1, max: 3 }),
});

function createWalk(
  all: readonly BlockRow[][],
  options: Pick<WalkOptions, 'order' | 'after' | 'asOf'>,
): BlockWalk {
  const open = new Map(all.map((rows) => [rows[0]?.sequence, createBlock(rows).block]));
  return new BlockWalk({
    ...options,
    range: {},
    headers: Array.from(open.values(), ({ header }) => header),
    open: ({ firstSequence }) => open.get(firstSequence) as never,
    candidates: () => ({ rows: 'all', isExact: true }),
  });
}

/** Returns the sequences after a position in an order. */
function expected(
  all: readonly BlockRow[][],
  { order, after, asOf }: { order: EventOrder; after: EventPosition | undefined; asOf: number },
): number[] {
  const { compare } = walkOrder(order);
  return all
    .flat()
    .filter((row) => row.sequence <= asOf && (after === undefined || compare(row, after) > 0))
    .sort(compare)
    .map(({ sequence }) => sequence);
}

describe('BlockWalk', () => {
  it('visits the rows of overlapping blocks in each order, regardless of how many it may open at once', () => {
    fc.assert(
      fc.property(inputs, ({ blocks: all, maxOpened, ...options }) => {
        const walk = createWalk(all, options);
        const { compare } = walkOrder(options.order);
        const found: number[] = [];
        let last: EventPosition | undefined;
        for (let budget = maxOpened; walk.frontier !== undefined;) {
          const { frontier } = walk;
          if (last !== undefined) expect(compare(last, frontier)).toBeLessThanOrEqual(0);
          if (!walk.advance(budget)) {
            expect(walk.opened).toBeLessThanOrEqual(budget);
            budget = walk.opened + maxOpened;
            continue;
          }
          const { position } = walk.current as { position: EventPosition };
          expect(compare(frontier, position)).toBeLessThan(0);
          found.push(position.sequence);
          last = position;
          walk.skip();
        }
        expect(found).toEqual(expected(all, options));
      }),
      { numRuns: 200 },
    );
  });

  it('opens only the blocks that a page needs', () => {
    const all = Array.from({ length: 10 }, (_, block) =>
      createRows(5).map((row, index) => ({
        ...row,
        sequence: block * 5 + index + 1,
        timestamp: block * 5 + index,
      })),
    );
    for (const order of ORDERS) {
      const walk = createWalk(all, { order, after: undefined, asOf: 50 });
      for (let row = 0; row < 7; row++) {
        expect(walk.advance(10)).toBe(true);
        walk.skip();
      }
      expect(walk.opened).toBe(2);
    }
  });
});
