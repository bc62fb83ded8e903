import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FAILURES_IN_A_ROW, bisect } from '../../src/delivery/bisect';
import type { Event } from '../../src/event/event';
import { events, rejected, unavailable } from '../support';

/** Creates an append that fails for some ids and records the events that it accepts. */
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

describe('bisect', () => {
  it('finds exactly the events that the store rejects and stores the others', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 90 }), async (isBad) => {
        const batch = events(isBad.length);
        const bad = new Set(batch.filter((_, index) => isBad[index]).map(({ id }) => id));
        const { append, stored } = appender(({ id }) => (bad.has(id) ? rejected() : undefined));
        const found = await bisect(append, batch, { anyError: false });
        expect(new Set(found.rejected.map(({ event }) => event.id))).toEqual(bad);
        expect(found.undecided).toEqual([]);
        expect(stored.size).toBe(batch.length - bad.size);
      }),
    );
  });

  it('stops when the store fails and reports only the rejected events', async () => {
    const batch = events(8);
    let calls = 0;
    const found = await bisect(
      async (part) => {
        calls += 1;
        if (calls > 2) throw unavailable();
        if (part.length > 4) throw rejected();
        return { inserted: part.length, duplicates: 0, conflicts: [] };
      },
      batch,
      { anyError: false },
    );
    expect(found.rejected).toEqual([]);
    expect(found.undecided).toEqual(batch.slice(4));
  });

  it('rejects no event when the store is down', async () => {
    const batch = events(500);
    let calls = 0;
    const found = await bisect(
      async () => {
        calls += 1;
        throw unavailable();
      },
      batch,
      { anyError: true },
    );
    expect(found.rejected).toEqual([]);
    expect(found.undecided).toHaveLength(500);
    expect(calls).toBeLessThan(300);
  });

  it('rejects no event when a hundred are rejected in a row without an insert', async () => {
    const { append } = appender(() => rejected());
    const found = await bisect(append, events(400), { anyError: false });
    expect(found.rejected).toEqual([]);
    expect(found.undecided).toHaveLength(400);
  });

  it('rejects an event for another error only between two inserts', async () => {
    const batch = events(9);
    const poison = batch[4]?.id;
    const { append } = appender(({ id }) => (id === poison ? new Error('odd') : undefined));
    const found = await bisect(append, batch, { anyError: true });
    expect(found.rejected.map(({ event }) => event.id)).toEqual([poison]);
  });

  it.each([
    ['first', 0],
    ['last', 8],
  ])('leaves the %s of a pass undecided when it fails for another error', async (_, index) => {
    const batch = events(9);
    const { append } = appender(({ id }) => (id === batch[index]?.id ? new Error('odd') : undefined));
    const found = await bisect(append, batch, { anyError: true });
    expect(found.rejected).toEqual([]);
    expect(found.undecided).toEqual([batch[index]]);
  });

  it('does not reject valid events when the store goes down during a pass', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 0, max: 63 }),
        async (downAfter, poison) => {
          const batch = events(64);
          let calls = 0;
          const { append } = appender(({ id }) => (id === batch[poison]?.id ? new Error('odd') : undefined));
          const found = await bisect(
            async (part) => {
              calls += 1;
              if (calls > downAfter) throw unavailable();
              return append(part);
            },
            batch,
            { anyError: true },
          );
          const good = found.rejected.filter(({ event }) => event.id !== batch[poison]?.id);
          expect(good).toEqual([]);
        },
      ),
    );
  });

  it('leaves events undecided that are rejected after the last insert, once the store rejects everything', async () => {
    const batch = events(201);
    const { append, stored } = appender(({ id }) => (id === batch[0]?.id ? undefined : rejected()));
    const found = await bisect(append, batch, { anyError: false });
    expect(stored.size).toBe(1);
    expect(found.rejected).toEqual([]);
    expect(found.undecided).toEqual(batch.slice(1));
  });

  it.each([
    [MAX_FAILURES_IN_A_ROW - 1, MAX_FAILURES_IN_A_ROW - 1],
    [MAX_FAILURES_IN_A_ROW, 0],
  ])('finds of %i rejected events at the end of a pass %i', async (count, found) => {
    const batch = events(count + 1);
    const { append } = appender(({ id }) => (id === batch[0]?.id ? undefined : rejected()));
    const { rejected: dead, undecided } = await bisect(append, batch, { anyError: false });
    expect([dead.length, undecided.length]).toEqual([found, count - found]);
  });

  it.each([
    ['ten of the latest events', 400, 10],
    ['each of the remaining events once', 104, 4],
    ['the remaining events of several parts', 105, 5],
  ])('tries %s before it suspects the store', async (_, count, probed) => {
    const batch = events(count);
    const alone: string[] = [];
    const append = async (part: readonly Event[]): Promise<never> => {
      if (part.length === 1) alone.push(part[0]?.id ?? '');
      throw rejected();
    };
    await bisect(append, batch, { anyError: false });
    const latest = batch.slice(-probed).reverse();
    expect(alone.slice(MAX_FAILURES_IN_A_ROW)).toEqual(latest.map(({ id }) => id));
  });

  it('leaves events undecided that are rejected before the store fails', async () => {
    const batch = events(4);
    let isDown = false;
    const { append } = appender(({ id }) => {
      isDown ||= id === batch[2]?.id;
      return isDown ? unavailable() : id === batch[1]?.id ? rejected() : undefined;
    });
    const found = await bisect(
      (part) => (part.length > 1 ? Promise.reject(rejected()) : append(part)),
      batch,
      {
        anyError: false,
      },
    );
    expect(found.rejected).toEqual([]);
    expect(found.undecided).toEqual(batch.slice(1));
  });

  it('finds more than a hundred rejected events in a row when a later one is stored', async () => {
    const batch = events(301);
    const good = new Set([0, 298, 300].map((index) => batch[index]?.id));
    const { append, stored } = appender(({ id }) => (good.has(id) ? undefined : rejected()));
    const found = await bisect(append, batch, { anyError: false });
    expect(stored).toEqual(good);
    expect(found.undecided.length).toBeLessThan(110);
    expect(found.rejected.length + found.undecided.length).toBe(298);
    expect(found.rejected.map(({ event }) => event)).toEqual(
      batch.slice(1).filter(({ id }) => !good.has(id) && !found.undecided.some((open) => open.id === id)),
    );
  });

  it('counts the events that earlier passes rejected since the last insert', async () => {
    const [one, two, good] = events(3);
    const { append } = appender(({ id }) => (id === good?.id ? undefined : rejected()));
    const pass = (batch: readonly (Event | undefined)[], rejectedInARow: number) =>
      bisect(append, batch as readonly Event[], { anyError: false, rejectedInARow });
    const before = await pass([one], MAX_FAILURES_IN_A_ROW - 2);
    expect(before).toMatchObject({ undecided: [], rejectedInARow: MAX_FAILURES_IN_A_ROW - 1 });
    expect(before.rejected).toHaveLength(1);
    const last = await pass([two], before.rejectedInARow);
    expect(last).toMatchObject({ rejected: [], undecided: [two], rejectedInARow: MAX_FAILURES_IN_A_ROW });
    const cleared = await pass([two, good], last.rejectedInARow);
    expect(cleared).toMatchObject({ undecided: [], rejectedInARow: 0 });
    expect(cleared.rejected).toHaveLength(1);
  });

  it('reports the conflicts among the events that it stores', async () => {
    const batch = events(8);
    const conflicting = [batch[1], batch[6]];
    const found = await bisect(
      async (part) => {
        if (part.includes(batch[4] as Event)) throw rejected();
        const conflicts = part.flatMap((each, index) => (conflicting.includes(each) ? [index] : []));
        return { inserted: part.length - conflicts.length, duplicates: 0, conflicts };
      },
      batch,
      { anyError: false },
    );
    expect(found.conflicts).toEqual(conflicting);
    expect(found.undecided).toEqual([]);
  });

  it('does not count a duplicate as proof that the store accepts events', async () => {
    const batch = events(130);
    const found = await bisect(
      async (part) => {
        if (part.some((each) => batch.indexOf(each) < 120)) throw rejected();
        return { inserted: 0, duplicates: part.length, conflicts: [] };
      },
      batch,
      { anyError: false },
    );
    expect(found.rejected).toEqual([]);
    expect(found.undecided).toEqual(batch.slice(0, 120));
  });
});
