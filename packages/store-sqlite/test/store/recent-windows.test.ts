import type { EventPosition, Filter } from '@vigilant/core';
import { describe, expect, it, vi } from 'vitest';
import { MAX_CACHED_MEMORY, sealedBlocks } from '../../src/blocks/sealed-blocks';
import { RecentWindows } from '../../src/store/recent-windows';
import type { WindowQuery, Windows } from '../../src/store/windows';
import type { BlockStore, TestQuery } from '../support/block-store';
import { createBlockStore } from '../support/block-store';
import { sampleEvents } from '../support/sample-events';

const BLOCKS = 10;
const BY_TIME = { order: 'newest', limit: 5 } as const;

/** Creates a store of blocks whose times all overlap, and counts how often one is opened. */
function createOverlapping(): { readonly store: BlockStore; readonly opened: () => number } {
  const store = createBlockStore();
  const events = sampleEvents(16 * BLOCKS).map((event, index) => ({
    ...event,
    timestamp: (index * 7_919) % 101,
  }));
  for (let start = 0; start < events.length; start += 16) store.append(events.slice(start, start + 16));
  const open = vi.spyOn(sealedBlocks(store.connection), 'open');
  return { store, opened: () => open.mock.calls.length };
}

const idsOf = async (store: BlockStore, query: TestQuery): Promise<string[]> =>
  (await store.page(query)).events.map(({ id }) => id);

/** Reads some pages. Returns where the next one starts. */
async function readPages(store: BlockStore, query: TestQuery, count: number): Promise<TestQuery> {
  let next: TestQuery = query;
  for (let page = 0; page < count; page += 1) {
    const { next: after, asOf } = await store.page(next);
    next = { ...query, after: after as EventPosition, asOf };
  }
  return next;
}

describe('the pages of a query', () => {
  it('open each block once', async () => {
    const { store, opened } = createOverlapping();
    await store.readAll(BY_TIME);
    expect(opened()).toBe(BLOCKS);
  });

  it('open each block once while another query is paged too', async () => {
    const { store, opened } = createOverlapping();
    const other = { ...BY_TIME, order: 'oldest' } as const;
    let [first, second] = [await readPages(store, BY_TIME, 1), await readPages(store, other, 1)];
    for (let page = 0; page < 10; page += 1) {
      first = { ...BY_TIME, ...(await readPages(store, first, 1)) };
      second = { ...other, ...(await readPages(store, second, 1)) };
    }
    expect(opened()).toBe(2 * BLOCKS);
  });

  it.each<[string, TestQuery]>([
    ['filter', { filter: { kind: 'ordered', field: 'level', operator: '>=', value: 2 } as Filter }],
    ['order', { order: 'oldest' }],
    ['asOf', { asOf: 100 }],
  ])('do not continue a page of another %s', async (_, other) => {
    const { store } = createOverlapping();
    const expected = await idsOf(store, { ...(await readPages(store, BY_TIME, 3)), ...other });
    const { store: fresh } = createOverlapping();
    const start = await readPages(store, BY_TIME, 3);
    expect(await idsOf(fresh, { ...start, ...other })).toEqual(expected);
  });

  it('can be read again from a position that was read before', async () => {
    const { store } = createOverlapping();
    const start = await readPages(store, BY_TIME, 3);
    const expected = await idsOf(store, start);
    await readPages(store, start, 4);
    expect(await idsOf(store, start)).toEqual(expected);
  });
});

describe('RecentWindows', () => {
  const query: WindowQuery = { filter: { kind: 'all' }, order: 'newest', asOf: 9 };
  const next: EventPosition = { timestamp: 1, sequence: 2 };

  it.each([
    ['keeps windows whose blocks need slightly more memory than the block cache', 1.3, true],
    ['drops windows whose blocks need far more memory than the block cache', 3, false],
  ])('%s', (_, share, isKept) => {
    const recent = new RecentWindows();
    const windows = { query, memory: share * MAX_CACHED_MEMORY } as Windows;
    recent.keep(windows, next);
    expect(recent.take(query, next)).toBe(isKept ? windows : undefined);
  });
});
