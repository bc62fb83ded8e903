import { describe, expect, it } from 'vitest';
import type { PruneResult, RetentionPolicy, Store } from '../../src/contracts/store';
import { createMemoryStore } from '../../src/memory/memory-store';
import { unavailable } from '../support';
import { close, FIRST_MS, MINUTE_MS, retentionOf, setUp, sharedStore } from './support';

/** Returns another adapter of the same data, because an adapter belongs to one engine. */
function anotherAdapter(store: Store): Store {
  const get = (target: Store, key: string | symbol): unknown => {
    const value: unknown = Reflect.get(target, key);
    return typeof value === 'function' ? (value.bind(target) as unknown) : value;
  };
  return new Proxy(store, { get });
}

/** Returns a `prune` whose calls a test answers. */
function scriptedPrune(
  answer: (policy: RetentionPolicy, call: number) => PruneResult | Promise<PruneResult>,
) {
  const policies: RetentionPolicy[] = [];
  const prune = async (policy: RetentionPolicy): Promise<PruneResult> => {
    policies.push(policy);
    return answer(policy, policies.length);
  };
  return { prune, policies };
}

/** Answers once the signal of the policy is aborted, like a store with a lot to do. */
function untilAborted({ signal }: RetentionPolicy, result: PruneResult): Promise<PruneResult> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(result)));
}

describe('retention of the engine', () => {
  it('runs in one engine at a time, and in another one after a close', async () => {
    const { prune, policies } = scriptedPrune(() => ({ deleted: 1, complete: true }));
    const store = await sharedStore({ prune });
    const retention = { maxAge: '1h' };
    const { vigilant: one, clock } = setUp({ store, retention });
    const { vigilant: other } = setUp({ store: anotherAdapter(store), retention }, clock);
    await one.open();
    await other.open();
    await clock.advance(FIRST_MS + 4 * MINUTE_MS);
    expect(policies).toHaveLength(5);
    expect(await retentionOf(one)).toMatchObject({ state: 'waiting', deleted: 5 });
    expect(await retentionOf(other)).toMatchObject({ state: 'standby', deleted: 0 });
    await close(one, clock);
    await clock.advance(MINUTE_MS);
    expect(await retentionOf(other)).toMatchObject({ state: 'waiting', deleted: 1 });
  });

  it('renews its lease during a long run, so that no other engine starts one', async () => {
    const { prune, policies } = scriptedPrune((policy) =>
      untilAborted(policy, { deleted: 1, complete: false }),
    );
    const store = await sharedStore({ prune });
    const retention = { maxAge: '1h' };
    const { vigilant: one, clock } = setUp({ store, retention });
    const { vigilant: other } = setUp({ store: anotherAdapter(store), retention }, clock);
    await one.open();
    await other.open();
    await clock.advance(10 * MINUTE_MS);
    expect(await retentionOf(one)).toMatchObject({ state: 'running', deleted: policies.length - 1 });
    expect(await retentionOf(one)).not.toHaveProperty('nextRunAt');
    expect(await retentionOf(other)).toMatchObject({ state: 'standby', deleted: 0 });
  });

  it('ends a run whose lease cannot be renewed', async () => {
    const { prune, policies } = scriptedPrune((policy) =>
      untilAborted(policy, { deleted: 0, complete: false }),
    );
    const store = await sharedStore({ prune });
    const { vigilant, clock } = setUp({ store, retention: { maxAge: '1h' } });
    await vigilant.open();
    await clock.advance(FIRST_MS);
    Object.assign(store.documents as object, { put: () => Promise.reject(unavailable()) });
    await clock.advance(MINUTE_MS);
    expect(policies.at(-1)?.signal?.aborted).toBe(true);
    expect(await retentionOf(vigilant)).toMatchObject({ state: 'standby' });
  });

  it('ends a call of prune() after 10 seconds, and doubles the time limit of each further call', async () => {
    const durations: number[] = [];
    const results = [5, 0, 3].map((deleted) => ({ deleted, complete: false }));
    const { prune } = scriptedPrune(async (policy, call) => {
      const result = results[call - 1];
      if (result === undefined) return { deleted: 0, complete: true };
      const startedAt = clock.monotonic();
      await untilAborted(policy, result);
      durations.push((clock.monotonic() - startedAt) / 1_000);
      return result;
    });
    const { vigilant, clock } = setUp({
      store: Object.assign(createMemoryStore(), { prune }),
      retention: { maxAge: '1h' },
    });
    await vigilant.open();
    await clock.advance(5 * MINUTE_MS);
    expect(durations).toEqual([10, 20, 40]);
    expect(await retentionOf(vigilant)).toMatchObject({ state: 'waiting', deleted: 8 });
  });

  it('rests for 20 times the duration of a run, and keeps the lease meanwhile', async () => {
    const { prune, policies } = scriptedPrune(async (policy, call) => {
      if (call === 1) await untilAborted(policy, { deleted: 0, complete: false });
      return { deleted: 1, complete: call > 1 };
    });
    const store = await sharedStore({ prune });
    const retention = { maxAge: '1h' };
    const { vigilant: one, clock } = setUp({ store, retention });
    const { vigilant: other } = setUp({ store: anotherAdapter(store), retention }, clock);
    await one.open();
    await other.open();
    await clock.advance(FIRST_MS + 10_000);
    expect(policies).toHaveLength(2);
    expect(await retentionOf(one)).toMatchObject({ state: 'waiting', nextRunAt: clock.now() + 200_000 });
    await clock.advance(199_999);
    expect(policies).toHaveLength(2);
    expect(await retentionOf(other)).toMatchObject({ state: 'standby', deleted: 0 });
    await clock.advance(MINUTE_MS);
    expect(policies).toHaveLength(3);
  });

  it('ends its run at once when the engine closes, and leaves no timer', async () => {
    const { prune, policies } = scriptedPrune((policy) =>
      untilAborted(policy, { deleted: 0, complete: false }),
    );
    const store = await sharedStore({ prune });
    const { vigilant, clock } = setUp({ store, retention: { maxAge: '1h' } });
    await vigilant.open();
    await clock.advance(FIRST_MS);
    const before = clock.monotonic();
    await vigilant.close();
    expect(clock.monotonic()).toBe(before);
    expect(policies).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('reports a failure without degrading the engine, and retries', async () => {
    const { prune } = scriptedPrune((_, call) => {
      if (call === 1) throw unavailable();
      return { deleted: 2, complete: true };
    });
    const { vigilant, clock, diagnostics } = setUp({
      store: Object.assign(createMemoryStore(), { prune }),
      retention: { maxAge: '1h' },
    });
    await vigilant.open();
    await clock.advance(FIRST_MS);
    expect(await vigilant.status()).toMatchObject({
      state: 'ready',
      reasons: [],
      retention: { state: 'waiting', deleted: 0, reason: 'the store is away' },
    });
    expect(diagnostics).toMatchObject([
      {
        component: 'retention',
        code: 'prune-failed',
        message: 'Deleting expired events failed and will be retried: the store is away',
      },
    ]);
    await clock.advance(MINUTE_MS);
    const status = await retentionOf(vigilant);
    expect(status).toMatchObject({ deleted: 2 });
    expect(status).not.toHaveProperty('reason');
  });
});
