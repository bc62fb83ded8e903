import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TailItem } from '../../src/contracts/vigilant';
import { createVigilant } from '../../src/engine/engine';
import { LEVELS } from '../../src/event/event';
import { createMemoryStore } from '../../src/memory/memory-store';
import { createManualClock } from '../../src/util/clock';
import { event, readOnly } from '../support';
import { close, FIRST_MS, HOUR_MS, MINUTE_MS, retentionOf, setUp, sharedStore } from './support';

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
