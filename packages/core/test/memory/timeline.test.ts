import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventOrder, EventPosition } from '../../src/contracts/query';
import type { Row } from '../../src/memory/timeline';
import { createTimeline, positionOf, toRow } from '../../src/memory/timeline';
import { event } from '../support';

function rowsOf(times: readonly number[]): Row[] {
  return times.map((timestamp, index) => toRow({ ...event({ timestamp }), sequence: index + 1 }, 1));
}

/** Computes the expected rows by sorting all rows. */
function expected(rows: readonly Row[], order: EventOrder, after: EventPosition | undefined): Row[] {
  const compare = (a: EventPosition, b: EventPosition): number =>
    (order === 'arrival' ? 0 : a.timestamp - b.timestamp) || a.sequence - b.sequence;
  const direction = order === 'newest' ? -1 : 1;
  return [...rows]
    .sort((a, b) => direction * compare(positionOf(a), positionOf(b)))
    .filter((row) => after === undefined || direction * compare(positionOf(row), after) > 0);
}

describe('Timeline', () => {
  it('returns the same rows as a sorted list, from any position in any order', () => {
    const time = fc.integer({ min: 0, max: 5 });
    const position = fc.option(fc.record({ timestamp: time.map((ms) => ms * 1000), sequence: fc.nat(22) }), {
      nil: undefined,
    });
    fc.assert(
      fc.property(
        fc.array(time, { maxLength: 20 }),
        fc.constantFrom<EventOrder>('newest', 'oldest', 'arrival'),
        position,
        fc.nat(25),
        fc.uniqueArray(fc.nat(19), { maxLength: 5 }),
        (times, order, after, count, removed) => {
          const timeline = createTimeline();
          const all = rowsOf(times);
          for (const row of all) timeline.add(row);
          const gone = new Set(removed.map((index) => all[index]).filter((row) => row !== undefined));
          timeline.remove(gone);
          const rows = all.filter((row) => !gone.has(row));
          const answer = expected(rows, order, after);
          expect(timeline.slice(order, after, count)).toEqual(answer.slice(0, count));
          expect(timeline.next(order, after)).toBe(answer[0]);
          expect(timeline.rows()).toEqual(rows);
          expect(timeline.length).toBe(rows.length);
        },
      ),
    );
  });
});
