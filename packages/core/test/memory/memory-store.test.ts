import { describe, expect, it } from 'vitest';
import type { EventQuery } from '../../src/contracts/query';
import { encodedSize } from '../../src/event/codec';
import { MATCH_ALL } from '../../src/filter/ast';
import type { MemoryStoreOptions } from '../../src/memory/memory-store';
import { createMemoryStore } from '../../src/memory/memory-store';
import { event, events } from '../support';

async function setUp(options?: MemoryStoreOptions) {
  const store = createMemoryStore(options);
  await store.open({} as never);
  const query = (change: Partial<EventQuery> = {}) =>
    store.query({ filter: MATCH_ALL, order: 'arrival', limit: 10, maxBytes: 1_000_000, ...change });
  return { store, query };
}

describe('MemoryStore', () => {
  it('keeps the latest arrivals up to its limit', async () => {
    const { store, query } = await setUp({ maxEvents: 3 });
    const batch = events(3);
    await store.append(batch);
    expect(await store.status()).toMatchObject({ events: 3, prunedThrough: 0 });
    const last = event();
    await store.append([last]);
    expect((await query()).events.map(({ id }) => id)).toEqual([batch[1]?.id, batch[2]?.id, last.id]);
    expect(await store.status()).toMatchObject({ events: 3, prunedThrough: 1, lastSequence: 4 });
  });

  it('counts the bytes of its events', async () => {
    const { store } = await setUp();
    const batch = events(3);
    const sizes = batch.map(encodedSize);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    await store.append(batch);
    expect((await store.status()).bytes).toBe(sum(sizes));
    await store.prune?.({ maxBytes: sum(sizes.slice(1)) });
    expect(await store.status()).toMatchObject({ events: 2, bytes: sum(sizes.slice(1)), prunedThrough: 1 });
    expect(await store.prune?.({ maxBytes: sum(sizes.slice(1)) })).toMatchObject({ deleted: 0 });
  });

  it('prunes by age, with a separate age per level', async () => {
    const { store, query } = await setUp();
    const ages = [10, 20, 30];
    const batch = ages.flatMap((receivedAt) => [
      event({ receivedAt }),
      event({ receivedAt, level: 'ERROR' }),
    ]);
    await store.append(batch);
    expect(await store.prune?.({ receivedBefore: 30, receivedBeforeByLevel: { ERROR: 20 } })).toMatchObject({
      deleted: 3,
    });
    const left = (await query()).events.map(({ level, receivedAt }) => `${level} ${receivedAt}`);
    expect(left).toEqual(['ERROR 20', 'INFO 30', 'ERROR 30']);
  });

  it('ends a page at its limits and returns the next position', async () => {
    const { store, query } = await setUp();
    const batch = events(4);
    await store.append(batch);
    const [size = 0] = batch.map(encodedSize);
    const lengths = async (change: Partial<EventQuery>) => {
      const { events: found, next, complete, statistics } = await query(change);
      return [found.length, next?.sequence, complete, statistics?.scanned];
    };
    expect(await lengths({ limit: 2 })).toEqual([2, 2, true, 2]);
    expect(await lengths({ limit: 4 })).toEqual([4, undefined, true, 4]);
    expect(await lengths({ maxBytes: size })).toEqual([1, 1, true, 1]);
    expect(await lengths({ maxBytes: size + 1 })).toEqual([2, 2, true, 2]);
    expect(await lengths({ asOf: 2 })).toEqual([2, undefined, true, 4]);
  });

  it('stops at its deadline between two chunks of rows and continues from there', async () => {
    const { store, query } = await setUp();
    await store.append(events(4_500));
    const filter = { kind: 'contains', text: 'absent' } as const;
    const first = await query({ filter, deadlineMs: 0 });
    expect(first).toMatchObject({
      complete: false,
      next: { sequence: 2_000 },
      statistics: { scanned: 2_000 },
    });
    const rest = await query({ filter, after: first.next! });
    expect(rest).toMatchObject({ complete: true, statistics: { scanned: 2_500 } });
    expect(rest.next).toBeUndefined();
    expect(await query({ filter, deadlineMs: 600_000 })).toMatchObject({ complete: true });
    expect(rest.statistics?.elapsedMs).toBeLessThan(60_000);
  });

  it('yields to the event loop between two chunks of rows', async () => {
    const { store, query } = await setUp();
    await store.append(events(4_500));
    let turns = 0;
    const count = (): void => {
      turns += 1;
      pending = setImmediate(count);
    };
    let pending = setImmediate(count);
    await query({ filter: { kind: 'contains', text: 'absent' } });
    clearImmediate(pending);
    expect(turns).toBeGreaterThanOrEqual(2);
  });
});
