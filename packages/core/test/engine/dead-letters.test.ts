import { afterEach, describe, expect, it } from 'vitest';
import type { DocumentStore } from '../../src/contracts/documents';
import type { Delivery } from '../../src/contracts/broker';
import type { Diagnostic } from '../../src/util/diagnostics';
import { createVigilant } from '../../src/engine/engine';
import { encodeEventJson } from '../../src/event/codec';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { createMemoryDocuments } from '../../src/memory/memory-documents';
import { createMemoryStore } from '../../src/memory/memory-store';
import type { VigilantOptions } from '../../src/engine/options';
import type { Vigilant } from '../../src/contracts/vigilant';
import { event, settle, until } from '../support';

const engines: Vigilant[] = [];
function engine(options: VigilantOptions = {}): Vigilant {
  const created = createVigilant({ graceMs: 1_000, batch: { intervalMs: 1 }, ...options });
  engines.push(created);
  return created;
}
afterEach(async () => {
  for (const created of engines.splice(0)) await created.close();
});

/** Creates a broker that claims to be durable, so that a replay does not wait for the store. */
function durableBroker() {
  const broker = createMemoryBroker();
  return Object.assign(broker, { capabilities: { durability: 'disk', shared: false } as const });
}

/** Creates documents whose deletes yield to other work first, such as the write of an event that is replayed. */
function slowDocuments(): DocumentStore {
  const documents = createMemoryDocuments();
  const { write } = documents;
  documents.write = async (changes) => {
    if (changes.some(({ content }) => content === undefined)) await settle(20);
    return write(changes);
  };
  return documents;
}

/** Logs two events with different content for each of some ids. */
async function conflictsOf(vigilant: Vigilant, count: number): Promise<readonly string[]> {
  for (const message of ['first', 'second'])
    await vigilant.logBatch(Array.from({ length: count }, (_, n) => ({ id: `i${n}`, message })));
  await vigilant.flush();
  return (await vigilant.deadLetters.list({ limit: 1_000 })).letters.map(({ key }) => key);
}

describe('deadLetters.list()', () => {
  it('continues after a page, also after a key of an earlier version', async () => {
    const vigilant = engine();
    const keys = await conflictsOf(vigilant, 3);
    const first = await vigilant.deadLetters.list({ limit: 2 });
    const second = await vigilant.deadLetters.list({ after: first.next as string });
    expect([...first.letters, ...second.letters].map(({ key }) => key)).toEqual(keys);
    expect((await vigilant.deadLetters.list({ after: '0'.repeat(32) })).letters).toHaveLength(3);
  });

  it.each([[null], [''], [7], ['nonsense'], ['t12-00'], ['é'.repeat(32)]])(
    'rejects after: %j',
    async (after) => {
      const vigilant = engine();
      await expect(vigilant.deadLetters.list({ after: after as string })).rejects.toMatchObject({
        code: 'VIGILANT_CURSOR_INVALID',
        message: 'The cursor does not belong to a page of dead letters. Pass `next` of the previous page.',
      });
    },
  );
});

describe('deadLetters.replay()', () => {
  it.each([
    ['a broker in memory', createMemoryBroker],
    ['a durable broker', durableBroker],
  ])('keeps a letter whose conflict recurs at once, with %s', async (_, createBroker) => {
    // With one event per batch, each is written at once.
    const batch = { maxEvents: 1 };
    const vigilant = engine({ broker: createBroker(), deadLetters: { documents: slowDocuments() }, batch });
    const keys = await conflictsOf(vigilant, 100);
    expect(keys).toHaveLength(100);
    for (const key of keys) await vigilant.deadLetters.replay(key);
    await vigilant.flush();
    const { letters } = await vigilant.deadLetters.list({ limit: 1_000 });
    expect(new Set(letters.map(({ id }) => id)).size).toBe(100);
  });

  it('keeps the letter while only memory holds the event', async () => {
    let isAway = false;
    const store = createMemoryStore();
    const append = store.append.bind(store);
    store.append = (batch) => (isAway ? Promise.reject(new Error('away')) : append(batch));
    const vigilant = engine({ store, freshMs: 50, graceMs: 1 });
    const [key = ''] = await conflictsOf(vigilant, 1);
    isAway = true;
    await vigilant.deadLetters.replay(key);
    expect(await vigilant.deadLetters.get(key)).toMatchObject({ letter: { count: 1 } });
  });

  it('validates a malformed record', async () => {
    const record = encodeEventJson(event({ level: 'LOUD' as 'INFO' }));
    const broker = createMemoryBroker();
    const { consume } = broker;
    broker.consume = async function* (options) {
      const malformed = [{ bytes: record, position: 'p/1', reason: 'The level is unknown.' }];
      const signal = new AbortController().signal;
      yield { events: [], malformed, flush: true, signal, ack: async () => {} } satisfies Delivery;
      yield* consume.call(broker, options);
    };
    const vigilant = engine({ broker });
    await vigilant.open();
    await until(async () => (await vigilant.deadLetters.list()).letters.length > 0);
    const [letter] = (await vigilant.deadLetters.list()).letters;
    expect(letter).toMatchObject({ reason: 'malformed', position: 'p/1', count: 1 });
    await expect(vigilant.deadLetters.replay(letter?.key ?? '')).rejects.toMatchObject({
      code: 'VIGILANT_EVENT_INVALID',
    });
    expect((await vigilant.deadLetters.list()).letters).toHaveLength(1);
  });

  it('rejects an unknown key, and everything once the engine closes', async () => {
    const vigilant = engine();
    const [key = ''] = await conflictsOf(vigilant, 1);
    await expect(vigilant.deadLetters.replay('none')).rejects.toMatchObject({ code: 'VIGILANT_NOT_FOUND' });
    const closing = vigilant.close();
    await expect(vigilant.deadLetters.replay(key)).rejects.toMatchObject({ code: 'VIGILANT_CLOSED' });
    await closing;
  });
});

describe('deadLetters.list()', () => {
  it('rejects an unknown option', async () => {
    await expect(engine().deadLetters.list({ limti: 5 } as object)).rejects.toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
    });
  });
});

describe('conflicting ids', () => {
  it('share one letter per id for 11,000 conflicts, and hold up no other event', async () => {
    const vigilant = engine();
    await vigilant.log({ id: 'same', message: 'kept' });
    for (let round = 0; round < 11; round += 1)
      await vigilant.logBatch(
        Array.from({ length: 1_000 }, (_, n) => ({ id: 'same', message: `${round}/${n}` })),
      );
    await vigilant.log({ message: 'good' });
    expect(await vigilant.flush()).toEqual({ complete: true, pending: 0 });
    expect((await vigilant.query('good')).events).toHaveLength(1);
    const { letters } = await vigilant.deadLetters.list();
    expect(letters).toMatchObject([{ id: 'same', reason: 'id-conflict', count: 11_000 }]);
    expect(await vigilant.status()).toMatchObject({
      state: 'ready',
      scheduler: { stored: 2, conflicts: 11_000, deadLetters: 11_000, droppedDeadLetters: 0 },
    });
  });

  it('fill the collection without holding up other events, also after a restart', async () => {
    const documents = createMemoryDocuments();
    const broker = createMemoryBroker();
    const options = { broker, deadLetters: { documents, maxCount: 50 } };
    const first = engine(options);
    expect(await conflictsOf(first, 120)).toHaveLength(50);
    expect(await first.status()).toMatchObject({
      state: 'degraded',
      reasons: [expect.stringMatching(/^dead letters: .* full .* 70 of the oldest were dropped/)],
      scheduler: { conflicts: 120, deadLetters: 120, droppedDeadLetters: 70, state: 'idle' },
    });
    await first.log({ message: 'good' });
    expect(await first.flush()).toEqual({ complete: true, pending: 0 });
    await first.close();
    const second = engine(options);
    await second.log({ id: 'i1', message: 'good' });
    await second.log({ id: 'i1', message: 'bad' });
    expect(await second.flush()).toEqual({ complete: true, pending: 0 });
    expect((await second.query('good')).events).toHaveLength(1);
    const { letters } = await second.deadLetters.list();
    expect(letters).toHaveLength(50);
    for (const { key } of letters.slice(0, 2)) await second.deadLetters.delete(key);
    expect((await second.status()).state).toBe('ready');
  });

  it('are listed page by page, a hundred by default', async () => {
    const vigilant = engine();
    const keys = await conflictsOf(vigilant, 102);
    const first = await vigilant.deadLetters.list();
    expect(first.letters.map(({ key }) => key)).toEqual(keys.slice(0, 100));
    const second = await vigilant.deadLetters.list({ limit: 1, after: first.next ?? '' });
    expect(second.letters.map(({ key }) => key)).toEqual(keys.slice(100, 101));
    const last = await vigilant.deadLetters.list({ limit: 1, after: second.next ?? '' });
    expect(last).toMatchObject({ letters: [{ key: keys[101] }] });
    expect(last.next).toBeUndefined();
  });

  it('hold up no event when the store does not support documents, and appear in the status', async () => {
    const store = createMemoryStore();
    Object.defineProperty(store, 'documents', { value: undefined });
    const vigilant = engine({ store });
    expect(await conflictsOf(vigilant, 2)).toHaveLength(2);
    await vigilant.log({ message: 'good' });
    expect((await vigilant.query('good')).events).toHaveLength(1);
    expect((await vigilant.status()).reasons).toEqual([expect.stringContaining('deadLetters.documents')]);
  });

  it('are counted and reported, by id and without content', async () => {
    const diagnostics: Diagnostic[] = [];
    const vigilant = engine({ onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) });
    await conflictsOf(vigilant, 3);
    await vigilant.log({ id: 'i0', message: 'first' });
    await vigilant.flush();
    expect((await vigilant.status()).scheduler).toMatchObject({
      duplicates: 1,
      conflicts: 3,
      deadLetters: 3,
    });
    // One of three passes within ten seconds.
    expect(diagnostics).toMatchObject([
      { level: 'warn', component: 'dead-letters', code: 'id-conflict', details: { id: 'i0', count: 1 } },
    ]);
    expect(JSON.stringify(diagnostics)).not.toContain('second');
  });
});
