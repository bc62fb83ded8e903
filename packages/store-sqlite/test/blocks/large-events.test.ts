import { describe, expect, it } from 'vitest';
import { SMALL_BLOCKS, createBlockStore } from '../support/block-store';
import { sampleEvents } from '../support/sample-events';

const LARGE = { data: { text: 'x'.repeat(200_000) } };

describe('blocks of large events', () => {
  it('are cut by bytes', async () => {
    const store = createBlockStore();
    const events = [...sampleEvents(30, LARGE), ...sampleEvents(40).slice(30)];
    store.append(events);
    expect(store.count('block')).toBe(8);
    expect(await store.readAll({ order: 'oldest', limit: 3 })).toEqual(
      events.map((event, index) => ({ ...event, sequence: index + 1 })),
    );
  });

  it('have one event each if it is larger than a block may be', async () => {
    const store = createBlockStore({ ...SMALL_BLOCKS, blockBytes: 1_000 });
    store.append(sampleEvents(10, LARGE));
    expect(store.count('block')).toBe(10);
    expect(await store.ids()).toHaveLength(10);
  });

  it('are sealed while their rows have too many bytes, however few they are', async () => {
    const store = createBlockStore({ ...SMALL_BLOCKS, maxRowBytes: 1_000_000 });
    const events = sampleEvents(30, LARGE);
    for (let start = 0; start < 30; start += 5) store.append(events.slice(start, start + 5));
    expect(store.count('event')).toBe(30);
    await store.maintain();
    expect(store.count('event')).toBe(2);
    expect(await store.ids({ limit: 4 })).toEqual(events.map(({ id }) => id));
  });

  it('do not pull many bytes of rows into the transaction of a large append', () => {
    const store = createBlockStore({ ...SMALL_BLOCKS, maxRowBytes: 1_000_000 });
    const events = sampleEvents(20, LARGE);
    for (let start = 0; start < 20; start += 5) store.append(events.slice(start, start + 5));
    store.append(sampleEvents(40).slice(20));
    expect([store.count('event'), store.count('block')]).toEqual([40, 0]);
  });
});
