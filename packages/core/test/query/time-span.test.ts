import { describe, expect, it } from 'vitest';
import type { EventPage, EventQuery } from '../../src/contracts/query';
import type { Store } from '../../src/contracts/store';
import type { Filter } from '../../src/filter/ast';
import { MATCH_ALL } from '../../src/filter/ast';
import { findTimeSpan } from '../../src/query/time-span';
import { createManualClock } from '../../src/util/clock';
import { event } from '../support';

const NOW_MS = 1_000;
const NOW = 1_000_000;
const FILTER = { kind: 'contains', text: 'hello' } as const;
const FOUND_NOTHING = { span: undefined, complete: true };

const time = (operator: '>=' | '<', value: number): Filter => ({
  kind: 'ordered',
  field: 'timestamp',
  operator,
  value,
});
const between = (from: number, until: number): Filter => ({
  kind: 'and',
  filters: [time('>=', from), time('<', until)],
});

/** Creates a store whose oldest and newest matching events have these times in microseconds. */
function setUp(edges: Partial<Record<EventQuery['order'], number | 'deadline'>> = {}) {
  const queries: EventQuery[] = [];
  const store = {
    capabilities: { filtering: 'exact' },
    async query(query: EventQuery): Promise<EventPage> {
      queries.push(query);
      const edge = edges[query.order];
      const page = { events: [], complete: edge !== 'deadline', epoch: 'e', asOf: 9 };
      if (typeof edge !== 'number') return page;
      return { ...page, complete: false, events: [{ ...event({ timestamp: edge / 1_000 }), sequence: 1 }] };
    },
  } as unknown as Store;
  const find = async (requested: Filter) => {
    const budget = () => ({ deadlineMs: 50 });
    const clock = createManualClock();
    const { span, complete } = await findTimeSpan({
      store,
      clock,
      requested,
      filter: FILTER,
      nowMs: NOW_MS,
      budget,
    });
    return { span, complete };
  };
  return { queries, find };
}

describe('findTimeSpan', () => {
  it('returns the bounds of the filter without querying the store', async () => {
    const { queries, find } = setUp();
    expect(await find(between(10, 20))).toEqual({ span: { from: 10, until: 20 }, complete: true });
    expect(queries).toEqual([]);
  });

  it.each([
    ['that is empty', between(20, 10)],
    ['that contains no moment', between(10, 10)],
  ])('returns no range for a filter %s', async (_, filter) => {
    expect(await setUp().find(filter)).toEqual(FOUND_NOTHING);
  });

  it('returns the range from the oldest to the newest event, both included', async () => {
    const { queries, find } = setUp({ oldest: 100, newest: 300 });
    expect(await find(MATCH_ALL)).toEqual({ span: { from: 100, until: 301 }, complete: true });
    const query = { filter: FILTER, limit: 1, maxBytes: 1024 * 1024, deadlineMs: 50 };
    expect(queries).toStrictEqual([
      { ...query, order: 'oldest' },
      { ...query, order: 'newest' },
    ]);
  });

  it('returns a range of one microsecond for a single event', async () => {
    const { find } = setUp({ oldest: 100, newest: 100 });
    expect(await find(MATCH_ALL)).toEqual({ span: { from: 100, until: 101 }, complete: true });
  });

  it('returns the range from the oldest event to the end of the filter', async () => {
    const { queries, find } = setUp({ oldest: 100 });
    expect(await find(time('<', 500))).toEqual({ span: { from: 100, until: 500 }, complete: true });
    expect(queries.map(({ order }) => order)).toEqual(['oldest']);
  });

  it('returns the range from the start of the filter until now', async () => {
    const { queries, find } = setUp({ newest: 300 });
    expect(await find(time('>=', 50))).toEqual({ span: { from: 50, until: NOW }, complete: true });
    expect(queries.map(({ order }) => order)).toEqual(['newest']);
  });

  it('includes an event that is later than now', async () => {
    const { find } = setUp({ newest: NOW });
    expect(await find(time('>=', 50))).toEqual({ span: { from: 50, until: NOW + 1 }, complete: true });
  });

  it('returns the range until now when no event matches a filter with a start', async () => {
    expect(await setUp().find(time('>=', 50))).toEqual({ span: { from: 50, until: NOW }, complete: true });
  });

  it('returns one microsecond after a start in the future when no event matches', async () => {
    const span = { from: NOW + 5, until: NOW + 6 };
    expect(await setUp().find(time('>=', NOW + 5))).toEqual({ span, complete: true });
  });

  it('returns no range when no event matches', async () => {
    const { queries, find } = setUp();
    expect(await find(MATCH_ALL)).toEqual(FOUND_NOTHING);
    expect(queries).toHaveLength(1);
  });

  it('returns one microsecond when the other events are deleted during the search', async () => {
    const { find } = setUp({ oldest: 100 });
    expect(await find(MATCH_ALL)).toEqual({ span: { from: 100, until: 101 }, complete: true });
  });

  it.each([
    ['the first', { oldest: 'deadline' }],
    ['the second', { oldest: 100, newest: 'deadline' }],
  ] as const)('is incomplete when the deadline ends %s query', async (_, edges) => {
    expect(await setUp(edges).find(MATCH_ALL)).toEqual({ span: undefined, complete: false });
  });
});
