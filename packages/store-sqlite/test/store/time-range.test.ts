import { MAX_ROWS } from '@vigilant/blocks';
import { createTestContext } from '@vigilant/conformance';
import type { EventOrder, EventPosition, Filter, Store } from '@vigilant/core';
import { createMemoryBroker, createVigilant } from '@vigilant/core';
import { toMicros } from '@vigilant/core/adapter';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSqliteStore } from '../../src/index';
import { createFolder } from '../support/folder';
import { sampleEvents } from '../support/sample-events';

const EVENTS = 20_000;

const folder = createFolder();
const events = sampleEvents(EVENTS);
let store: Store;

beforeAll(async () => {
  store = createSqliteStore(folder.file('events.db'));
  await store.open(createTestContext());
  await store.append(events);
});

afterAll(async () => {
  await store.close();
  folder.remove();
});

/** Matches the events from one index up to another, exclusive. */
function between(from: number, until: number): Filter {
  const [since, end] = [from, until].map((index) => toMicros((events[0]?.timestamp ?? 0) + index)) as [
    number,
    number,
  ];
  return {
    kind: 'and',
    filters: [
      { kind: 'ordered', field: 'timestamp', operator: '>=', value: since },
      { kind: 'ordered', field: 'timestamp', operator: '<', value: end },
    ],
  };
}

/** Reads all pages of a query; returns how many events were found and rows were read. */
async function readAll(filter: Filter, order: EventOrder): Promise<{ found: number; scanned: number }> {
  let found = 0;
  let scanned = 0;
  for (let after: EventPosition | undefined; ;) {
    const position = after === undefined ? {} : { after };
    const page = await store.query({ filter, order, limit: 100, maxBytes: 1e6, ...position });
    found += page.events.length;
    scanned += page.statistics?.scanned ?? NaN;
    after = page.next;
    if (after === undefined) return { found, scanned };
  }
}

describe('SqliteStore.query with a time range', () => {
  const word: Filter = { kind: 'contains', text: 'event' };
  // Blocks cannot exclude an event because of a part of an id.
  const nowhere: Filter = { kind: 'text', field: 'id', operator: 'prefix', value: 'nowhere' };

  it.each([
    ['newest', 0, 500],
    ['newest', 9_000, 9_500],
    ['newest', EVENTS - 500, EVENTS],
    ['oldest', 0, 500],
    ['oldest', 9_000, 9_500],
    ['oldest', EVENTS - 500, EVENTS],
  ] as const)('reads only the rows within them, %s first, from %i to %i', async (order, from, until) => {
    const range = between(from, until);
    expect(await readAll(range, order)).toEqual({ found: 500, scanned: 500 });
    expect(await readAll({ kind: 'and', filters: [range, word] }, order)).toEqual({
      found: 500,
      scanned: 500,
    });
    expect(await readAll({ kind: 'and', filters: [range, nowhere] }, order)).toEqual({
      found: 0,
      scanned: 500,
    });
  });

  it.each(['newest', 'oldest'] as const)('reads nothing for an empty range, %s first', async (order) => {
    expect(await readAll(between(500, 500), order)).toEqual({ found: 0, scanned: 0 });
  });

  it.each(['newest', 'oldest'] as const)(
    'continues after a position outside of the range, %s first',
    async (order) => {
      const timestamp = toMicros(events[order === 'newest' ? EVENTS - 1 : 0]?.timestamp ?? 0);
      const after = { timestamp, sequence: order === 'newest' ? EVENTS : 1 };
      const page = await store.query({ filter: between(100, 110), order, limit: 100, maxBytes: 1e6, after });
      expect(page.events).toHaveLength(10);
      expect(page.statistics?.scanned).toBe(10);
    },
  );
});

describe('Vigilant.histogram with a time range', () => {
  it('reads only the blocks that contain some of it', async () => {
    const vigilant = createVigilant({
      broker: createMemoryBroker(),
      store: createSqliteStore(folder.file('events.db')),
    });
    const [since, until] = [9_000, 9_500].map((index) => new Date((events[0]?.timestamp ?? 0) + index)) as [
      Date,
      Date,
    ];
    const { statistics, buckets } = await vigilant.histogram('event', { since, until, freshMs: 0 });
    expect(
      buckets.flatMap(({ counts }) => Object.values(counts)).reduce((sum, count) => sum + count, 0),
    ).toBe(500);
    // The range lies in one block.
    expect(statistics?.scanned).toBeLessThanOrEqual(MAX_ROWS);
    await vigilant.close();
  });
});
