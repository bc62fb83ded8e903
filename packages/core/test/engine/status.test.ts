import type { DocumentStore, Store, VigilantOptions } from '@vigilant/core';
import { createManualClock, createMemoryDocuments, createMemoryStore, createVigilant } from '@vigilant/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { rejected, scriptedStore, settle, unavailable } from '../support';

const never = (): Promise<never> => new Promise(() => {});

async function openEngine(options: VigilantOptions) {
  const clock = createManualClock();
  const vigilant = createVigilant({ clock, batch: { intervalMs: 1 }, ...options });
  onTestFinished(async () => {
    const closing = vigilant.close();
    await clock.advance(60_000);
    await closing;
  });
  await vigilant.open();
  return { clock, vigilant };
}

/** Creates a memory store with another `status()`. */
function storeWith(status: Store['status']): Store {
  return Object.assign(createMemoryStore(), { status });
}

describe('status()', () => {
  it('returns the timestamp of the oldest stored event', async () => {
    const { vigilant } = await openEngine({});
    expect(await vigilant.status()).not.toHaveProperty('oldestEventAt');
    await vigilant.logBatch([
      { message: 'late', timestamp: new Date(2_000_000) },
      { message: 'early', timestamp: new Date(1_000_500) },
    ]);
    await vigilant.flush();
    expect((await vigilant.status()).oldestEventAt).toBe(1_000_500);
  });

  it('queries the oldest event at most once a second', async () => {
    const store = createMemoryStore();
    const query = vi.spyOn(store, 'query');
    const { clock, vigilant } = await openEngine({ store });
    await vigilant.log({ message: 'm' });
    await vigilant.flush();
    await Promise.all(Array.from({ length: 10 }, () => vigilant.status()));
    await vigilant.status();
    expect(query).toHaveBeenCalledTimes(1);
    await clock.advance(1_000);
    await vigilant.status();
    expect(query).toHaveBeenCalledTimes(2);
  });

  it('leaves out the oldest event while the store does not find it', async () => {
    const store = Object.assign(createMemoryStore(), { query: () => Promise.reject(unavailable()) });
    const { vigilant } = await openEngine({ store });
    const status = await vigilant.status();
    expect(status).toMatchObject({ state: 'ready', reasons: [], store: { events: 0 } });
    expect(status).not.toHaveProperty('oldestEventAt');
  });

  it('leaves out a store that does not respond within 2 seconds, and reports it', async () => {
    const { clock, vigilant } = await openEngine({ store: storeWith(never) });
    let status: unknown;
    void vigilant.status().then((result) => (status = result));
    await clock.advance(1_999);
    expect(status).toBeUndefined();
    await clock.advance(1);
    expect(status).toMatchObject({
      state: 'degraded',
      reasons: ['store: it did not respond within 2000 ms'],
      broker: { state: 'ready' },
    });
    expect(status).not.toHaveProperty('store');
    expect(clock.pendingTimers).toBe(0);
  });

  it.each<[string, Store['status']]>([
    ['rejects', () => Promise.reject(unavailable())],
    [
      'throws',
      () => {
        throw unavailable();
      },
    ],
  ])('leaves out a store whose status() %s, and says why', async (_, status) => {
    const { clock, vigilant } = await openEngine({ store: storeWith(status) });
    const result = await vigilant.status();
    expect(result).toMatchObject({ state: 'degraded', reasons: ['store: the store is away'] });
    expect(result).not.toHaveProperty('store');
    expect(clock.pendingTimers).toBe(0);
  });

  it('waits 2 seconds in all for a store and its dead letters that do not respond', async () => {
    let isAway = false;
    const memory = createMemoryDocuments();
    const documents: DocumentStore = {
      ...memory,
      count: (kind) => (isAway ? never() : memory.count(kind)),
    };
    const store = scriptedStore(() => Promise.reject(rejected()));
    const { status } = store;
    store.status = () => (isAway ? never() : status.call(store));
    const { clock, vigilant } = await openEngine({ store, deadLetters: { documents, maxCount: 1 } });
    await vigilant.logBatch([{ message: 'a' }, { message: 'b' }]);
    await clock.advance(10);
    await settle();
    expect((await vigilant.status()).reasons).toEqual([expect.stringMatching('^dead letters: .* is full')]);
    isAway = true;
    let reasons: readonly string[] | undefined;
    void vigilant.status().then((result) => (reasons = result.reasons));
    await clock.advance(2_000);
    expect(reasons).toEqual([
      'store: it did not respond within 2000 ms',
      'dead letters: they could not be counted within 2000 ms',
    ]);
  });
});
