import type { Event, EventOrder, StoredEvent } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { SMALL_BLOCKS, createBlockStore } from '../support/block-store';
import { sampleEvents } from '../support/sample-events';

const ORDERS: readonly EventOrder[] = ['newest', 'oldest', 'arrival'];

/** Returns the ids of events in an order, with their index as sequence. */
function sorted(events: readonly Event[], order: EventOrder): string[] {
  const stored: StoredEvent[] = events.map((event, index) => ({ ...event, sequence: index + 1 }));
  const byTime = (a: StoredEvent, b: StoredEvent): number =>
    a.timestamp - b.timestamp || a.sequence - b.sequence;
  if (order !== 'arrival') stored.sort(byTime);
  if (order === 'newest') stored.reverse();
  return stored.map(({ id }) => id);
}

/** Creates events whose timestamps are spread over all blocks. */
function scattered(count: number): Event[] {
  return sampleEvents(count).map((event, index) => ({ ...event, timestamp: (index * 7919) % 101 }));
}

describe.each(ORDERS)('scan of blocks in the order %s', (order) => {
  it('continues within equal timestamps across the borders of blocks and rows', async () => {
    const store = createBlockStore();
    const events = sampleEvents(70, { timestamp: 5 });
    store.append(events.slice(0, 40));
    store.append(events.slice(40, 64));
    store.append(events.slice(64));
    expect([store.count('block'), store.count('event')]).toEqual([5, 6]);
    for (const limit of [1, 7, 100]) expect(await store.ids({ order, limit })).toEqual(sorted(events, order));
  });

  it('returns late events in their place', async () => {
    const store = createBlockStore();
    const events = sampleEvents(66);
    events.push(...sampleEvents(9).map((event) => ({ ...event, id: `late-${event.id}` })));
    store.append(events.slice(0, 66));
    store.append(events.slice(66));
    expect(await store.ids({ order, limit: 4 })).toEqual(sorted(events, order));
  });

  it('merges blocks and rows whose timestamps all overlap', async () => {
    const store = createBlockStore();
    const events = scattered(200);
    for (let start = 0; start < 192; start += 48) store.append(events.slice(start, start + 48));
    store.appendRows(events.slice(192));
    for (const limit of [1, 13]) expect(await store.ids({ order, limit })).toEqual(sorted(events, order));
  });

  it('leaves out the events of a block after asOf', async () => {
    const store = createBlockStore();
    const events = scattered(64);
    store.append(events.slice(0, 48));
    store.appendRows(events.slice(48));
    for (const asOf of [0, 5, 16, 41, 50, 64])
      expect(await store.ids({ order, limit: 3, asOf })).toEqual(sorted(events.slice(0, asOf), order));
  });

  it('returns each event once while rows are sealed between two pages', async () => {
    const store = createBlockStore();
    const events = scattered(96);
    store.appendRows(events);
    let rows = events.length;
    const sealNext = () => store.seal((rows = Math.max(0, rows - 16)));
    expect(await store.ids({ order, limit: 5 }, sealNext)).toEqual(sorted(events, order));
    expect(store.count('event')).toBe(0);
  });

  it('returns each event once while events are stored between two pages', async () => {
    const store = createBlockStore();
    const events = scattered(80);
    store.append(events.slice(0, 70));
    store.append(events.slice(70, 75));
    store.append(events.slice(75));
    let added = 0;
    const addNext = () =>
      void store.append(scattered(9).map((event) => ({ ...event, id: `new-${(added += 1)}` })));
    expect(await store.ids({ order, limit: 11 }, addNext)).toEqual(sorted(events, order));
  });

  it('returns each event once when all rows are sealed between two windows of a page', async () => {
    const store = createBlockStore({ ...SMALL_BLOCKS, maxRows: 2_000, blockEvents: 200 });
    const places = new Map(sorted(scattered(1_000), order).map((id, place) => [id, place]));
    const isWanted = ({ id }: Event): boolean => (places.get(id) as number) % 100 === 0;
    const events = scattered(1_000).map((event) =>
      isWanted(event) ? { ...event, message: 'needle' } : event,
    );
    store.appendRows(events);
    let windows = 0;
    const { events: found } = await store.page(
      { order, filter: { kind: 'contains', text: 'needle' } },
      () => {
        windows += 1;
        store.append(sampleEvents(8).map((event) => ({ ...event, id: `${event.id}-${windows}` })));
      },
    );
    expect(windows).toBeGreaterThan(0);
    expect(store.count('event')).toBe(0);
    expect(found.map(({ id }) => id)).toEqual(sorted(events.filter(isWanted), order));
  });

  it('ends although a block is added after each window', async () => {
    const store = createBlockStore();
    const events = scattered(1_600);
    store.append(events);
    let windows = 0;
    const addBlock = () => {
      windows += 1;
      if (windows > 500) throw new Error('The scan does not end.');
      store.append(scattered(16).map((event, index) => ({ ...event, id: `added-${windows}-${index}` })));
    };
    const filter = { kind: 'text', field: 'id', operator: 'equals', value: 'absent' } as const;
    expect((await store.page({ order, filter }, addBlock)).events).toEqual([]);
  });
});
