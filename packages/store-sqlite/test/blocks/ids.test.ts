import type { Event } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import type { BlockStore } from '../support/block-store';
import { scalar } from '../../src/sqlite/transaction';
import { createBlockStore } from '../support/block-store';
import { sampleEvents } from '../support/sample-events';

const NOW = 1_700_000_000_000;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

function uuid7(time: number, index: number): string {
  const text = hex(time, 12);
  return `${text.slice(0, 8)}-${text.slice(8)}-7${hex(index % 4096, 3)}-8000-${hex(index, 12)}`;
}

/** Ids of each kind by index. */
const KINDS: readonly (readonly [name: string, id: (index: number) => string])[] = [
  ['fresh UUIDv7', (index) => uuid7(NOW + index, index)],
  ['UUIDv7 that arrived later than 10 s', (index) => uuid7(NOW - 60_000 + index, index)],
  ['UUIDv4', (index) => `${hex(index * 2_654_435_761, 8).slice(-8)}-0000-4000-8000-${hex(index, 12)}`],
  ['upper-case UUIDv7', (index) => uuid7(NOW + index, index + 0xabc).toUpperCase()],
  ['integer', (index) => String(index)],
  ['integer that shrinks', (index) => String(1_000 - index)],
  ['integer in no order', (index) => String((index * 7_919) % 10_007)],
  ['integers of two senders', (index) => String(index + (index % 2) * 1_000_000)],
  ['integer far from all others', (index) => String(index ** 5)],
  ['integer of 19 digits', (index) => String(10n ** 18n + BigInt(index))],
  ['integer with leading zeros', (index) => String(index).padStart(6, '0')],
  ['text of 128 characters', (index) => `~${index}`.padEnd(128, '!')],
];

const COUNT = 300;

/** Stores events in 18 blocks and as twelve rows. */
function storeEvents(id: (index: number) => string): { store: BlockStore; events: readonly Event[] } {
  const store = createBlockStore();
  const events = sampleEvents(COUNT).map((event, index) => ({ ...event, id: id(index) }));
  for (let start = 0; start < 288; start += 32) store.append(events.slice(start, start + 32));
  store.appendRows(events.slice(288));
  return { store, events };
}

describe.each(KINDS)('append of a sealed id: %s', (_, id) => {
  it('counts duplicates in small and large batches', () => {
    const { store, events } = storeEvents(id);
    for (const size of [1, 7, 100, COUNT]) {
      const batch = events.slice(COUNT - size);
      expect(store.append(batch)).toEqual({ inserted: 0, duplicates: size, conflicts: [] });
    }
    expect(store.append(events.slice(0, 1))).toEqual({ inserted: 0, duplicates: 1, conflicts: [] });
  });

  it('counts a duplicate that is sent again later', () => {
    const { store, events } = storeEvents(id);
    const later = events.map((event) => ({
      ...event,
      receivedAt: NOW + 3_600_000,
      timestamp: NOW + 7_200_000,
    }));
    expect(store.append(later)).toEqual({ inserted: 0, duplicates: COUNT, conflicts: [] });
    expect(store.append(later.slice(5, 7))).toEqual({ inserted: 0, duplicates: 2, conflicts: [] });
  });

  it('reports conflicts and keeps the first content', async () => {
    const { store, events } = storeEvents(id);
    const changed = [3, 150, 299].map((index) => ({ ...(events[index] as Event), message: 'other' }));
    expect(store.append(changed)).toEqual({ inserted: 0, duplicates: 0, conflicts: [0, 1, 2] });
    const large = [...sampleEvents(10), ...changed, ...(events.slice(4, 6) as Event[])];
    expect(store.append(large)).toEqual({ inserted: 10, duplicates: 2, conflicts: [10, 11, 12] });
    for (const index of [3, 150, 299])
      expect(await store.get(id(index))).toMatchObject(events[index] as Event);
  });

  it('finds duplicates and conflicts within one large batch', () => {
    const store = createBlockStore();
    const events = sampleEvents(40).map((event, index) => ({ ...event, id: id(index) }));
    const [first, second] = events as [Event, Event];
    const batch = [...events, first, { ...second, message: 'other' }];
    expect(store.append(batch)).toEqual({ inserted: 40, duplicates: 1, conflicts: [41] });
  });

  it('finds ids after runs of hashes were merged', async () => {
    const { store, events } = storeEvents(id);
    await store.maintain();
    expect(store.append(events)).toEqual({ inserted: 0, duplicates: COUNT, conflicts: [] });
    for (const index of [0, 100, 287, 299]) expect((await store.get(id(index)))?.sequence).toBe(index + 1);
  });

  it('finds ids of rows that are sealed later', async () => {
    const { store, events } = storeEvents(id);
    await store.seal();
    await store.maintain();
    expect(store.append(events)).toEqual({ inserted: 0, duplicates: COUNT, conflicts: [] });
  });

  it('stores pruned ids again, and only these', async () => {
    const { store, events } = storeEvents(id);
    await store.prune({ maxEvents: 200 });
    expect(await store.get(id(99))).toBeUndefined();
    expect((await store.get(id(100)))?.sequence).toBe(101);
    expect(store.append(events)).toEqual({ inserted: 100, duplicates: 200, conflicts: [] });
    await store.seal();
    await store.maintain();
    expect(store.append(events)).toEqual({ inserted: 0, duplicates: COUNT, conflicts: [] });
    expect((await store.get(id(0)))?.sequence).toBe(COUNT + 1);
    const stored = await store.ids();
    expect([stored.length, new Set(stored).size]).toEqual([COUNT, COUNT]);
  });
});

describe('append of sealed ids', () => {
  it('finds ids of different kinds in one batch', async () => {
    const store = createBlockStore();
    const events = sampleEvents(120).map((event, index) => {
      const [, id] = KINDS[index % KINDS.length] as (typeof KINDS)[number];
      return { ...event, id: id(index) };
    });
    for (let start = 0; start < 120; start += 30) store.append(events.slice(start, start + 30));
    await store.maintain();
    expect(store.append(events)).toEqual({ inserted: 0, duplicates: 120, conflicts: [] });
    expect((await store.ids()).length).toBe(120);
  });

  it('distinguishes integers from those with leading zeros', async () => {
    const store = createBlockStore();
    const events = sampleEvents(32).map((event, index) => ({ ...event, id: String(index) }));
    store.append(events);
    const padded = events.map((event) => ({ ...event, id: `0${event.id}` }));
    expect(store.append(padded)).toEqual({ inserted: 32, duplicates: 0, conflicts: [] });
    expect(store.append([...padded, ...events])).toEqual({ inserted: 0, duplicates: 64, conflicts: [] });
  });

  it('keeps hashes only of the integers that are far from others', () => {
    const store = createBlockStore();
    const append = (ids: readonly number[]) =>
      store.append(sampleEvents(16).map((event, index) => ({ ...event, id: String(ids[index]) })));
    append(Array.from({ length: 16 }, (_, index) => index * 2));
    expect(store.count('id_run')).toBe(0);
    append(Array.from({ length: 16 }, (_, index) => (index === 3 ? 10 ** 9 : 100 + index)));
    expect(scalar(store.connection, 'SELECT total(entries) FROM id_run')).toBe(1);
  });

  it('finds the ids that remain of a block after most were pruned', async () => {
    const store = createBlockStore();
    const isKept = (index: number) => index === 0 || index > 12;
    const events = sampleEvents(16).map((event, index) => ({
      ...event,
      id: String(index),
      level: isKept(index) ? ('ERROR' as const) : ('DEBUG' as const),
    }));
    store.append(events);
    await store.prune({ receivedBeforeByLevel: { DEBUG: NOW + 1_000 } });
    const kept = events.filter((_, index) => isKept(index));
    expect((await store.ids()).length).toBe(kept.length);
    expect(store.append(kept)).toEqual({ inserted: 0, duplicates: kept.length, conflicts: [] });
  });

  it('finds ids while another connection merges the same runs', async () => {
    const { store, events } = storeEvents((index) => `text-${index}`);
    const other = store.another();
    await Promise.all([store.maintain(), other.maintain()]);
    for (const each of [store, other])
      expect(each.append(events)).toEqual({ inserted: 0, duplicates: COUNT, conflicts: [] });
  });
});
