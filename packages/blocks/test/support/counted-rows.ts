import fc from 'fast-check';
import type { BlockRow } from '../../src/index';
import { GROUP_SEQUENCES } from '../../src/summary/summary-groups';

const SECOND = 1_000_000;
const names = fc.constantFrom('', 'a', 'b', 'ab');

/** Times within ten minutes, often on the border of a minute. */
const times = fc.oneof(
  fc.integer({ min: 0, max: 600 * SECOND }),
  fc.integer({ min: 0, max: 10 }).map((minute) => minute * 60 * SECOND),
  fc.integer({ min: 1, max: 10 }).map((minute) => minute * 60 * SECOND - 1),
);

type UnsealedRow = Omit<BlockRow, 'sequence'>;

/** Rows of few values and times, so that a filter often matches all or none of a block. */
const row: fc.Arbitrary<UnsealedRow> = fc.record({
  id: fc.uuid(),
  timestamp: times,
  receivedAt: times,
  level: fc.constantFrom(1, 1, 1, 2, 3),
  severity: fc.constantFrom(0, 0, 0, 1, -1),
  message: names,
  origin: names,
  source: fc.constantFrom('shop', 'mail'),
  type: fc.constant('log'),
  group: fc.constant('a'),
  tags: fc.uniqueArray(names).map((tags) => JSON.stringify(tags)),
  data: fc.constantFrom('{}', '{"user":1}', '{"user":[1,"b",null]}', '{"user":{"id":2}}'),
});

/** The rows of consecutive blocks, which lie in several groups. */
export const countedBlocks: fc.Arbitrary<BlockRow[][]> = fc
  .array(
    fc.record({
      distance: fc.constantFrom(1, 1, 1, GROUP_SEQUENCES),
      rows: fc.oneof<fc.Arbitrary<UnsealedRow[]>[]>(
        fc.array(row, { minLength: 1, maxLength: 12 }),
        // Neighbours in time, as in most blocks.
        fc
          .tuple(times, fc.array(row, { minLength: 1, maxLength: 12 }))
          .map(([start, rows]) =>
            rows.map((each, index) => ({ ...each, timestamp: start + index * SECOND })),
          ),
      ),
    }),
    { maxLength: 6 },
  )
  .map((blocks) => {
    let sequence = 0;
    return blocks.map(({ distance, rows }) => {
      sequence += distance;
      return rows.map((each) => ({ ...each, sequence: sequence++ }));
    });
  });
