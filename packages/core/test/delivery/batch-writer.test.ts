import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../src/util/clock';
import type { Delivery } from '../../src/contracts/broker';
import type { AppendResult, Store } from '../../src/contracts/store';
import type { Batch } from '../../src/delivery/batch-buffer';
import { createBatchWriter } from '../../src/delivery/batch-writer';
import type { NewDeadLetter } from '../../src/delivery/dead-letter';
import type { Diagnostic } from '../../src/util/diagnostics';
import { encodedSize } from '../../src/event/codec';
import type { EncodedEvents } from '../../src/event/encoded-events';
import { encodeAll } from '../../src/event/encoded-events';
import type { Event } from '../../src/event/event';
import { delivery, event, events, rejected, scriptedStore, settle, unavailable } from '../support';

type Script = (batch: readonly Event[], append: () => Promise<AppendResult>) => Promise<AppendResult>;

async function setUp(script?: Script, extend: (store: Store) => Partial<Store> = () => ({})) {
  const clock = createManualClock();
  const scripted = scriptedStore(script);
  const store = Object.assign(scripted, extend(scripted));
  await store.open({} as never);
  /** Log of the calls, in order. */
  const log: (NewDeadLetter | Delivery)[] = [];
  const letters: NewDeadLetter[] = [];
  const diagnostics: Diagnostic[] = [];
  const queue = { onWrite: async (_: NewDeadLetter): Promise<void> => {} };
  const stopping = new AbortController();
  const writer = createBatchWriter({
    ...{ store, clock, signal: stopping.signal, random: () => 1 },
    diagnostics: (diagnostic) => diagnostics.push(diagnostic),
    deadLetters: {
      async write([letter]: Iterable<NewDeadLetter>) {
        if (letter === undefined) throw new Error('There is nothing to write.');
        await queue.onWrite(letter);
        letters.push(letter);
        log.push(letter);
        return [letter];
      },
    },
    takeMore: () => ({ events: [], finished: [], bytes: 0 }),
    acknowledge: (deliveries) => log.push(...deliveries),
  });
  return { clock, diagnostics, letters, log, queue, stopping, store, writer };
}

/** Rejects some events, and fails for others like a faulty store. */
const picky: Script = (batch, append) => {
  const has = (text: string): boolean => batch.some(({ message }) => message === text);
  if (has('bad')) return Promise.reject(rejected());
  return has('odd') ? Promise.reject(unavailable()) : append();
};

function batchOf(...deliveries: readonly Delivery[]): Batch {
  const all = deliveries.flatMap((each) => each.events);
  return { events: all, finished: deliveries, bytes: 100 };
}

describe('BatchWriter with encoded events', () => {
  const encodedBatch = (each: Delivery): Batch => ({
    events: [],
    encoded: encodeAll(each.events),
    finished: [each],
    bytes: 100,
  });

  it('passes them to appendEncoded, and decodes only those that conflict', async () => {
    const appended: EncodedEvents[] = [];
    const { store, letters, log, writer } = await setUp(undefined, () => ({
      async appendEncoded(batch) {
        appended.push(batch);
        return { inserted: batch.count - 1, duplicates: 0, conflicts: [1] };
      },
    }));
    const mixed = delivery([event({ id: 'a' }), event({ id: 'b', receivedAt: 5 }), event({ id: 'c' })]);
    await writer.write(encodedBatch(mixed));
    expect(appended.map((batch) => batch.count)).toEqual([3]);
    expect(store.appends).toEqual([]);
    expect(letters).toMatchObject([{ id: 'b', reason: 'id-conflict' }]);
    expect(log.at(-1)).toBe(mixed);
    expect(writer.counts).toMatchObject({ stored: 2, conflicts: 1, deadLetters: 1 });
    expect(writer.inProgress).toEqual({ events: 0, objects: 0, bytes: 0 });
  });

  it('decodes them for a store without appendEncoded', async () => {
    const { store, writer } = await setUp();
    const all = events(3);
    await writer.write(encodedBatch(delivery(all)));
    expect(store.appends).toEqual([all]);
  });

  it('decodes them to find those that the store does not accept', async () => {
    const { letters, log, writer } = await setUp(picky, (store) => ({
      appendEncoded: (batch) => store.append(batch.decode()),
    }));
    const mixed = delivery([event({ id: 'x' }), event({ id: 'y', message: 'bad' }), event({ id: 'z' })]);
    await writer.write(encodedBatch(mixed));
    expect(letters).toMatchObject([{ id: 'y', reason: 'rejected' }]);
    expect(log.at(-1)).toBe(mixed);
    expect(writer.counts).toMatchObject({ stored: 2, deadLetters: 1 });
  });

  it('counts them while they are written', async () => {
    const { writer, stopping } = await setUp(undefined, () => ({
      appendEncoded: () => new Promise(() => {}),
    }));
    void writer.write(encodedBatch(delivery([event({ receivedAt: 7 }), event({ receivedAt: 9 })])));
    expect(writer.inProgress).toEqual({ events: 2, objects: 0, bytes: 100 });
    expect(writer.unsettledRecords).toBe(2);
    expect(writer.oldestReceivedAt()).toBe(7);
    stopping.abort();
  });
});

describe('BatchWriter', () => {
  it('writes one letter for all conflicts of an id in a batch, and one per other id', async () => {
    const { letters, writer } = await setUp();
    const same = Array.from({ length: 50 }, (_, n) => event({ id: 'same', message: `${n}` }));
    const other = [event({ id: 'other' }), event({ id: 'other', message: 'x' })];
    await writer.write(batchOf(delivery([...same, ...other])));
    expect(letters).toMatchObject([
      { id: 'same', reason: 'id-conflict', count: 49 },
      { id: 'other', count: 1 },
    ]);
    expect(writer.counts).toMatchObject({ stored: 2, conflicts: 50, deadLetters: 50 });
  });

  it('acknowledges after the letters are written', async () => {
    const { log, writer } = await setUp();
    const mixed = delivery([event({ id: 'a' }), event({ id: 'a', message: 'x' })]);
    await writer.write(batchOf(mixed));
    expect(log).toMatchObject([{ id: 'a' }, mixed]);
  });

  it('yields to other work between the letters of many conflicts', async () => {
    const { queue, store, writer } = await setUp();
    const known = events(1_000);
    await store.append(known);
    let turns = 0;
    let turnsBefore: number | undefined;
    queue.onWrite = async () => {
      turnsBefore ??= turns;
    };
    const turn = (): void => void (turnsBefore ?? setImmediate(() => ((turns += 1), turn())));
    turn();
    await writer.write(batchOf(delivery(known.map(({ id }) => event({ id, message: 'other' })))));
    expect(turnsBefore).toBeGreaterThanOrEqual(3);
  });

  it('acknowledges each delivery once', async () => {
    const { log, writer } = await setUp();
    const [first, second] = [delivery(events(1)), delivery(events(1))];
    await writer.write(batchOf(first));
    await writer.write(batchOf(second));
    expect(log).toEqual([first, second]);
    expect(writer.counts.batches).toBe(2);
  });

  it('does not write a letter again when a later one fails', async () => {
    const { clock, letters, queue, writer } = await setUp();
    let failures = 2;
    queue.onWrite = async ({ position }) => {
      if (position === 'p/2' && failures-- > 0) throw unavailable();
    };
    const malformed = ['p/1', 'p/2', 'p/3'].map((position) => ({
      ...{ position, bytes: Uint8Array.of(1), reason: 'odd' },
    }));
    const writing = writer.write(batchOf(delivery([], { malformed })));
    await settle();
    expect(writer.failureReason).toBe('the store is away');
    await clock.advance(1_000);
    await writing;
    expect(letters.map(({ position }) => position)).toEqual(['p/1', 'p/2', 'p/3']);
    expect(writer.counts).toMatchObject({ deadLetters: 3, failedWrites: 2, batches: 1 });
    expect(writer.failureReason).toBeUndefined();
  });

  it('writes no dead letters for a delivery that another process has taken over', async () => {
    const { letters, log, writer } = await setUp();
    const malformed = [{ position: 'p/1', bytes: Uint8Array.of(1), reason: 'odd' }];
    const superseded = delivery([], { malformed, signal: AbortSignal.abort() });
    await writer.write(batchOf(superseded));
    expect(letters).toEqual([]);
    expect(log).toEqual([superseded]);
  });

  it('appends a batch as a whole until the fifth failure, then in halves', async () => {
    const { clock, diagnostics, store, writer } = await setUp(() => Promise.reject(unavailable()));
    void writer.write(batchOf(delivery(events(4)))).catch(() => {});
    // Pauses of 100, 200, 400 and 800 ms.
    await clock.advance(1_499);
    expect(store.appends.map((batch) => batch.length)).toEqual([4, 4, 4, 4]);
    await clock.advance(1);
    expect(store.appends.map((batch) => batch.length).slice(4)).toEqual([4, 4, 2, 1, 1, 2, 1, 1]);
    expect(writer.inProgress).toMatchObject({ events: 4 });
    expect(diagnostics).toHaveLength(5);
    expect(diagnostics[4]).toMatchObject({
      ...{ level: 'warn', component: 'scheduler', code: 'write-failed' },
      message: 'A batch could not be written (attempt 5): the store is away',
    });
  });

  it('stops at its signal without acknowledging open events', async () => {
    const { clock, log, stopping, writer } = await setUp(() => Promise.reject(unavailable()));
    const writing = writer.write(batchOf(delivery(events(4))));
    await clock.advance(50);
    stopping.abort(new Error('stopped'));
    await expect(writing).rejects.toThrow('stopped');
    expect(log).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('appends a batch only once while its letters cannot be written', async () => {
    const { clock, queue, store, writer } = await setUp();
    let failures = 1;
    queue.onWrite = async () => {
      if (failures-- > 0) throw unavailable();
    };
    const writing = writer.write(batchOf(delivery([event({ id: 'a' }), event({ id: 'a', message: 'x' })])));
    await settle();
    expect(writer.inProgress).toEqual({ events: 0, objects: 0, bytes: 0 });
    await clock.advance(1_000);
    await writing;
    expect(store.appends).toHaveLength(1);
    expect(writer.counts).toMatchObject({ stored: 1, conflicts: 1, deadLetters: 1, failedWrites: 1 });
  });

  it('acknowledges no delivery before its letters are written while other events are undecided', async () => {
    const { clock, log, queue, writer } = await setUp(picky);
    let isBroken = true;
    queue.onWrite = async () => {
      if (isBroken) throw unavailable();
    };
    const [bad, good, waiting, odd] = ['bad', 'good', 'good', 'odd'].map((message) =>
      delivery([event({ message })]),
    ) as [Delivery, Delivery, Delivery, Delivery];
    void writer.write(batchOf(bad, good, waiting, odd)).catch(() => {});
    await settle();
    expect(log).toEqual([]);
    isBroken = false;
    await clock.advance(10_000);
    expect(log).toMatchObject([{ reason: 'rejected' }, bad, good, waiting]);
    expect(writer.inProgress).toEqual({ events: 1, objects: 1, bytes: encodedSize(odd.events[0] as Event) });
  });

  it('suspects the store when it rejects the events of a hundred batches without an insert', async () => {
    const { letters, stopping, writer } = await setUp(picky);
    const writeOne = (one: Event): Promise<void> => writer.write(batchOf(delivery([one])));
    const write = (message: string): Promise<void> => writeOne(event({ message }));
    const good = event({ message: 'good' });
    for (let n = 0; n < 60; n += 1) await write('bad');
    await writeOne(good);
    for (let n = 0; n < 60; n += 1) await write('bad');
    // A duplicate is not an insert.
    await writeOne(good);
    for (let n = 0; n < 39; n += 1) await write('bad');
    expect(letters).toHaveLength(159);
    const last = write('bad');
    await settle();
    expect(letters).toHaveLength(159);
    expect(writer.inProgress.events).toBe(1);
    stopping.abort();
    await expect(last).rejects.toThrow();
  });

  it('reports no failure when it stops during an append', async () => {
    let fail = (_: Error): void => {};
    const { diagnostics, stopping, writer } = await setUp(() => new Promise((_, reject) => (fail = reject)));
    const writing = writer.write(batchOf(delivery(events(1))));
    stopping.abort(new Error('stopped'));
    fail(unavailable());
    await expect(writing).rejects.toThrow('stopped');
    expect(diagnostics).toEqual([]);
    expect(writer.counts.failedWrites).toBe(0);
  });
});
