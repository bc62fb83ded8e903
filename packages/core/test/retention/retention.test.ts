import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AdapterContext } from '../../src/contracts/context';
import type { PruneResult, RetentionPolicy, Store } from '../../src/contracts/store';
import type { TailItem, Vigilant } from '../../src/contracts/vigilant';
import { createVigilant } from '../../src/engine/engine';
import type { VigilantOptions } from '../../src/engine/options';
import { LEVELS } from '../../src/event/event';
import { createMemoryStore } from '../../src/memory/memory-store';
import { createManualClock } from '../../src/util/clock';
import type { Diagnostic } from '../../src/util/diagnostics';
import { event, readOnly, unavailable } from '../support';

const FIRST_MS = 10_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A memory store that several engines open and that no engine closes. */
async function sharedStore(changes: Partial<Store> = {}): Promise<Store> {
  const store = createMemoryStore();
  await store.open({} as AdapterContext);
  return Object.assign(store, {
    capabilities: { ...store.capabilities, shared: true },
    close: async () => {},
    ...changes,
  });
}

/** Returns another adapter of the same data, because an adapter belongs to one engine. */
function anotherAdapter(store: Store): Store {
  const get = (target: Store, key: string | symbol): unknown => {
    const value: unknown = Reflect.get(target, key);
    return typeof value === 'function' ? (value.bind(target) as unknown) : value;
  };
  return new Proxy(store, { get });
}

function setUp(options: VigilantOptions, clock = createManualClock()) {
  const diagnostics: Diagnostic[] = [];
  const onDiagnostic = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const vigilant = createVigilant({ batch: { intervalMs: 1 }, clock, onDiagnostic, ...options });
  onTestFinished(() => close(vigilant, clock));
  return { vigilant, clock, diagnostics };
}

async function close(vigilant: Vigilant, clock: ReturnType<typeof createManualClock>): Promise<void> {
  let isClosed = false;
  const closing = vigilant.close().then(() => (isClosed = true));
  while (!isClosed) await clock.advance(1_000);
  await closing;
}

const retentionOf = async (vigilant: Vigilant) => (await vigilant.status()).retention;

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
  it('deletes expired events after 10 seconds and then every minute, and reports it', async () => {
    const { vigilant, clock } = setUp({ retention: { maxAge: '1h', byLevel: { DEBUG: '1m' } } });
    await vigilant.logBatch([{ message: 'debug', level: 'DEBUG' }, { message: 'info' }]);
    await vigilant.flush();
    expect(await retentionOf(vigilant)).toEqual({
      maxAge: '1h',
      byLevel: { DEBUG: '1m' },
      state: 'waiting',
      deleted: 0,
      nextRunAt: clock.now() + FIRST_MS,
    });
    await clock.advance(FIRST_MS);
    expect(await retentionOf(vigilant)).toMatchObject({
      deleted: 0,
      lastRunAt: clock.now(),
      nextRunAt: clock.now() + MINUTE_MS,
    });
    await clock.advance(MINUTE_MS);
    const { events } = await vigilant.query();
    expect(events.map(({ message }) => message)).toEqual(['info']);
    await clock.advance(HOUR_MS);
    expect(await retentionOf(vigilant)).toMatchObject({ state: 'waiting', deleted: 2 });
    expect((await vigilant.status()).store).toMatchObject({ events: 0, prunedThrough: 2 });
  });

  it('keeps everything without rules, and sets no timer', async () => {
    const { vigilant, clock } = setUp({});
    await vigilant.open();
    const before = clock.pendingTimers;
    await clock.advance(HOUR_MS);
    expect(clock.pendingTimers).toBeLessThanOrEqual(before);
    expect(await retentionOf(vigilant)).toBeUndefined();
  });

  it('keeps exactly the events that the rules keep', async () => {
    const ages = fc.constantFrom('1h', '2h', '3h', 'forever');
    const rules = fc.record(
      { maxAge: ages, byLevel: fc.dictionary(fc.constantFrom(...LEVELS), ages, { maxKeys: 3 }) },
      { requiredKeys: [] },
    );
    const samples = fc.array(
      fc.record({ level: fc.constantFrom(...LEVELS), hours: fc.integer({ min: 0, max: 4 }) }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(rules, samples, async (retention, given) => {
        const clock = createManualClock();
        const store = await sharedStore();
        const batch = given.map(({ level, hours }) =>
          event({ level, receivedAt: clock.now() - hours * HOUR_MS - MINUTE_MS }),
        );
        await store.append(batch);
        const vigilant = createVigilant({ store, clock, retention });
        await vigilant.open();
        await clock.advance(FIRST_MS);
        const hoursOf = (level: (typeof LEVELS)[number]): number =>
          parseInt(retention.byLevel?.[level] ?? retention.maxAge ?? 'forever') || Infinity;
        const kept = batch.filter((each, index) => (given[index]?.hours ?? 0) < hoursOf(each.level));
        for (const each of batch) expect((await store.get(each.id)) !== undefined).toBe(kept.includes(each));
        await close(vigilant, clock);
      }),
      { numRuns: 30 },
    );
  });

  it('deletes the earliest arrivals beyond maxBytes', async () => {
    const { vigilant, clock } = setUp({ retention: { maxBytes: 1024 * 1024 } });
    const text = 'z'.repeat(100_000);
    for (let count = 0; count < 20; count += 1) await vigilant.log({ message: `${count}`, data: { text } });
    await vigilant.flush();
    await clock.advance(FIRST_MS);
    const { events } = await vigilant.query('', { order: 'arrival' });
    expect(events).toHaveLength(10);
    expect(events[0]?.message).toBe('10');
  });

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

  it('resumes a tail with a gap, and continues a query, after events were deleted', async () => {
    const { vigilant, clock } = setUp({ retention: { maxAge: '1h' } });
    await vigilant.logBatch([{ message: 'first' }, { message: 'second' }]);
    const { tailCursor: start } = await vigilant.query('', { order: 'arrival', limit: 1, freshMs: 0 });
    await vigilant.flush();
    const page = await vigilant.query('', { order: 'arrival', limit: 1 });
    await clock.advance(HOUR_MS + MINUTE_MS);
    await vigilant.log({ message: 'third' });
    await vigilant.flush();
    const rest = await vigilant.query('', { order: 'arrival', cursor: page.nextCursor as string });
    expect(rest.events).toEqual([]);
    const items: TailItem[] = [];
    for await (const item of vigilant.tail('', { cursor: start })) if (items.push(item) === 2) break;
    expect(items).toMatchObject([
      { type: 'gap', reason: 'pruned' },
      { type: 'event', event: { message: 'third' } },
    ]);
  });

  it('cannot be combined with a read-only store', () => {
    const store = readOnly(createMemoryStore());
    expect(() => createVigilant({ store, retention: { maxAge: '1d' } })).toThrow(
      'retention must be absent, because the store is read-only, so nothing can be deleted.',
    );
  });
});
