import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isolate } from '../../src/delivery/isolate';
import type { Event } from '../../src/event/event';
import { events, rejected, unavailable } from '../support';

/** An append that fails for some ids and remembers what it took. */
function appender(fails: (event: Event) => Error | undefined) {
  const stored = new Set<string>();
  return {
    stored,
    append: async (batch: readonly Event[]) => {
      for (const event of batch) {
        const error = fails(event);
        if (error !== undefined) throw error;
      }
      let inserted = 0;
      for (const { id } of batch) {
        if (!stored.has(id)) inserted += 1;
        stored.add(id);
      }
      return { inserted, duplicates: batch.length - inserted, conflicts: [] };
    },
  };
}

describe('isolate', () => {
  it('condemns exactly the events that the store rejects and stores the others', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 90 }), async (isBad) => {
        const batch = events(isBad.length);
        const bad = new Set(batch.filter((_, index) => isBad[index]).map(({ id }) => id));
        const { append, stored } = appender(({ id }) => (bad.has(id) ? rejected() : undefined));
        const found = await isolate(append, batch, { anyError: false });
        expect(new Set(found.condemned.map(({ event }) => event.id))).toEqual(bad);
        expect(found.undecided).toEqual([]);
        expect(stored.size).toBe(batch.length - bad.size);
      }),
    );
  });

  it('stops at a fault of the store and condemns only what was rejected', async () => {
    const batch = events(8);
    let calls = 0;
    const found = await isolate(
      async (part) => {
        calls += 1;
        if (calls > 2) throw unavailable();
        if (part.length > 4) throw rejected();
        return { inserted: part.length, duplicates: 0, conflicts: [] };
      },
      batch,
      { anyError: false },
    );
    expect(found.condemned).toEqual([]);
    expect(found.undecided).toEqual(batch.slice(4));
  });

  it('condemns nobody when the store is down', async () => {
    const batch = events(500);
    let calls = 0;
    const found = await isolate(
      async () => {
        calls += 1;
        throw unavailable();
      },
      batch,
      { anyError: true },
    );
    expect(found.condemned).toEqual([]);
    expect(found.undecided).toHaveLength(500);
    expect(calls).toBeLessThan(300);
  });

  it('condemns nobody when a hundred are rejected without one success', async () => {
    const { append } = appender(() => rejected());
    const found = await isolate(append, events(400), { anyError: false });
    expect(found.condemned).toEqual([]);
    expect(found.undecided).toHaveLength(400);
  });

  it('condemns for another error only between two inserts', async () => {
    const batch = events(9);
    const poison = batch[4]?.id;
    const { append } = appender(({ id }) => (id === poison ? new Error('odd') : undefined));
    const found = await isolate(append, batch, { anyError: true });
    expect(found.condemned.map(({ event }) => event.id)).toEqual([poison]);
  });

  it.each([
    ['first', 0],
    ['last', 8],
  ])('leaves the %s of a pass undecided when it fails for another error', async (_, index) => {
    const batch = events(9);
    const { append } = appender(({ id }) => (id === batch[index]?.id ? new Error('odd') : undefined));
    const found = await isolate(append, batch, { anyError: true });
    expect(found.condemned).toEqual([]);
    expect(found.undecided).toEqual([batch[index]]);
  });

  it('does not condemn good events when the store goes down in the middle of a pass', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 0, max: 63 }),
        async (downAfter, poison) => {
          const batch = events(64);
          let calls = 0;
          const { append } = appender(({ id }) => (id === batch[poison]?.id ? new Error('odd') : undefined));
          const found = await isolate(
            async (part) => {
              calls += 1;
              if (calls > downAfter) throw unavailable();
              return append(part);
            },
            batch,
            { anyError: true },
          );
          const good = found.condemned.filter(({ event }) => event.id !== batch[poison]?.id);
          expect(good).toEqual([]);
        },
      ),
    );
  });
});
