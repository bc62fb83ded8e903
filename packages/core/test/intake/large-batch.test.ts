import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { VigilantOptions } from '../../src/engine/options';
import { createVigilant } from '../../src/engine/engine';
import type { EventInput } from '../../src/event/event';
import type { Diagnostic } from '../../src/util/diagnostics';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { createMemoryStore } from '../../src/memory/memory-store';

function setUp(options: VigilantOptions = {}) {
  const diagnostics: Diagnostic[] = [];
  const store = createMemoryStore();
  const vigilant = createVigilant({
    store,
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    ...options,
  });
  onTestFinished(() => vigilant.close().then(() => {}));
  /** Ids of the stored events in order of arrival. */
  const storedIds = async (): Promise<string[]> => {
    await vigilant.flush();
    const { events } = await vigilant.query('', { order: 'arrival', limit: 10_000 });
    return events.map(({ id }) => id);
  };
  return { vigilant, store, diagnostics, storedIds };
}

/** Events of about 1 KiB. */
const inputs = (count: number, prefix: string): EventInput[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${prefix}${index}`, message: 'm'.repeat(1_024) }));

const ids = (count: number, prefix: string): string[] => inputs(count, prefix).map(({ id }) => String(id));

/** Counts the turns of the event loop until a promise settles. */
async function turnsOf(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isSettled = false;
  void work.finally(() => (isSettled = true));
  while (!isSettled) {
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
  }
  return turns;
}

describe('logBatch() with a large batch', () => {
  it('yields to other work of the process', async () => {
    const { vigilant } = setUp();
    await vigilant.open();
    // 1,000 events of more than 1 KiB are at least 8 slices of 128 KiB.
    expect(await turnsOf(vigilant.logBatch(inputs(1_000, 'a')))).toBeGreaterThanOrEqual(8);
  });

  it('yields to other work between invalid events too', async () => {
    const { vigilant } = setUp();
    await vigilant.open();
    const invalid = Array.from({ length: 1_000 }, () => ({ message: 'm', level: 'LOUD' as never }));
    expect(await turnsOf(vigilant.logBatch(invalid))).toBeGreaterThanOrEqual(8);
  });

  it('yields to other work while many batches of 100 KiB are logged at once', async () => {
    const { vigilant } = setUp();
    await vigilant.open();
    const batches = Array.from({ length: 20 }, (_, batch) => vigilant.logBatch(inputs(100, `${batch}-`)));
    // 20 batches of more than 100 KiB are at least 15 slices of 128 KiB.
    expect(await turnsOf(Promise.all(batches))).toBeGreaterThanOrEqual(15);
  });

  it('publishes many small batches of a turn together', async () => {
    const broker = createMemoryBroker();
    const publish = vi.spyOn(broker, 'publish');
    const { vigilant } = setUp({ broker });
    await vigilant.open();
    await Promise.all(Array.from({ length: 300 }, (_, batch) => vigilant.logBatch(inputs(3, `${batch}-`))));
    // 900 events of about 1 KiB fit into one publish.
    expect(publish.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it('publishes it before everything that is logged later', async () => {
    const { vigilant, storedIds } = setUp();
    void vigilant.log({ id: 'before', message: 'm' });
    void vigilant.logBatch(inputs(1_000, 'a'));
    void vigilant.log({ id: 'between', message: 'm' });
    void vigilant.logBatch(inputs(500, 'b'));
    void vigilant.logBatch([{ id: 'small', message: 'm' }]);
    await vigilant.log({ id: 'after', message: 'm' });
    expect(await storedIds()).toEqual([
      ...['before', ...ids(1_000, 'a')],
      ...['between', ...ids(500, 'b')],
      ...['small', 'after'],
    ]);
  });

  it('includes the events that the array had at the call', async () => {
    const { vigilant, storedIds } = setUp();
    const batch = inputs(1_000, 'a');
    const result = vigilant.logBatch(batch);
    batch.length = 0;
    expect((await result).accepted).toBe(1_000);
    expect(await storedIds()).toHaveLength(1_000);
  });

  it('assigns the time of the call to all events', async () => {
    const { vigilant } = setUp();
    await vigilant.logBatch(inputs(1_000, 'a').map(({ message }) => ({ message: String(message) })));
    const { events } = await vigilant.query('', { limit: 1_000 });
    expect(new Set(events.map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(new Set(events.map(({ receivedAt }) => receivedAt)).size).toBe(1);
  });

  it('returns the results in the order of the batch', async () => {
    const { vigilant } = setUp();
    const batch = inputs(600, 'a').map((input, index) => (index % 3 === 0 ? {} : input)) as EventInput[];
    const { accepted, results } = await vigilant.logBatch(batch);
    expect(accepted).toBe(400);
    for (const [index, result] of results.entries())
      expect(result).toMatchObject(
        index % 3 === 0
          ? { error: { violations: [{ field: `events[${index}].message` }] } }
          : { id: `a${index}` },
      );
  });

  it('resolves if no event is valid', async () => {
    const { vigilant, storedIds } = setUp();
    expect((await vigilant.logBatch(inputs(200, '\n'))).accepted).toBe(0);
    expect(await storedIds()).toEqual([]);
  });

  it('stores it if close() follows at once', async () => {
    const { vigilant } = setUp();
    void vigilant.logBatch(inputs(1_000, 'a'));
    expect(await vigilant.close()).toEqual({ stored: 1_000, left: 0, lost: 0, rejected: 0 });
  });

  it('stores it before a flush() that follows at once resolves', async () => {
    const { vigilant, store } = setUp();
    void vigilant.logBatch(inputs(1_000, 'a'));
    expect(await vigilant.flush()).toMatchObject({ complete: true });
    expect((await store.status()).events).toBe(1_000);
  });

  it('accepts all of it or nothing, and reports the error once', async () => {
    const { vigilant, diagnostics, storedIds } = setUp({ maxPendingBytes: 1024 * 1024 });
    const full = { code: 'VIGILANT_BROKER_FULL' };
    await expect(vigilant.logBatch(inputs(1_000, 'a'))).rejects.toMatchObject(full);
    await vigilant.log({ id: 'after', message: 'm' });
    expect(diagnostics).toMatchObject([{ code: 'event-refused', error: full }]);
    expect((await vigilant.status()).intake).toMatchObject({ accepted: 1, failed: 1_000, pendingBytes: 0 });
    expect(await storedIds()).toEqual(['after']);
  });

  it('is rejected after close(), which is reported once', async () => {
    const { vigilant, diagnostics } = setUp();
    await vigilant.close();
    await expect(vigilant.logBatch(inputs(1_000, 'a'))).rejects.toMatchObject({ code: 'VIGILANT_CLOSED' });
    expect(diagnostics).toMatchObject([{ code: 'event-refused', error: { code: 'VIGILANT_CLOSED' } }]);
  });
});
