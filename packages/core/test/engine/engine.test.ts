import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { createManualClock, sleep } from '../../src/util/clock';
import type { Diagnostic } from '../../src/util/diagnostics';
import { createVigilant } from '../../src/engine/engine';
import { VigilantError } from '../../src/util/errors';
import { encodeEvent } from '../../src/event/codec';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { createMemoryStore } from '../../src/memory/memory-store';
import type { VigilantOptions } from '../../src/engine/options';
import type { TailItem, Vigilant } from '../../src/contracts/vigilant';
import { rejected, scriptedStore, settle, unavailable, until } from '../support';

const engines: Vigilant[] = [];
function engine(options: VigilantOptions = {}): Vigilant {
  const created = createVigilant({ graceMs: 1_000, ...options });
  engines.push(created);
  return created;
}
afterEach(async () => {
  for (const created of engines.splice(0)) await created.close();
});

async function take(items: AsyncIterable<TailItem>, count: number): Promise<TailItem[]> {
  const taken: TailItem[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

const messages = (items: readonly TailItem[]): string[] =>
  items.map((item) => (item.type === 'event' ? item.event.message : item.type));

describe('createVigilant', () => {
  it('finds an event that was just logged, despite a long interval', async () => {
    const vigilant = engine();
    vigilant.info('order placed', { userId: 42 });
    const page = await vigilant.query('data.userId:42');
    expect(page.events).toMatchObject([{ message: 'order placed', level: 'INFO', data: { userId: 42 } }]);
    expect(page.freshness.complete).toBe(true);
  });

  it('waits in get() for an event that is not stored yet', async () => {
    const vigilant = engine();
    const { id } = await vigilant.log({ message: 'here' });
    expect(await vigilant.get(id)).toMatchObject({ id, message: 'here' });
    expect(await vigilant.get('nobody')).toBeUndefined();
  });

  it('accepts the valid events of a batch and returns an error for each of the others', async () => {
    const vigilant = engine();
    const result = await vigilant.logBatch([
      { message: 'one' },
      { message: 'two', level: 'LOUD' },
      { message: 'three' },
    ]);
    expect(result.accepted).toBe(2);
    expect(result.results[1]).toMatchObject({
      error: { code: 'VIGILANT_EVENT_INVALID', violations: [{ field: 'events[1].level' }] },
    });
    expect((await vigilant.query()).events).toHaveLength(2);
  });

  it('accepts the events that the broker does not reject, although the events of a turn are published together', async () => {
    const broker = createMemoryBroker();
    const publish = broker.publish.bind(broker);
    broker.publish = async (events) => {
      const large = events.find(({ message }) => message.startsWith('large'));
      if (large !== undefined)
        throw new VigilantError('VIGILANT_EVENT_INVALID', `Event ${large.id} is too large.`);
      await publish(events);
    };
    const vigilant = engine({ broker });
    const alone = vigilant.log({ message: 'large' });
    const [before, batch, after] = await Promise.all([
      vigilant.log({ message: 'before' }),
      vigilant.logBatch([{ message: 'first' }, { id: 'x', message: 'large too' }, { message: 'third' }]),
      vigilant.log({ message: 'after' }),
    ]);
    await expect(alone).rejects.toMatchObject({ code: 'VIGILANT_EVENT_INVALID' });
    expect([before, after]).toMatchObject([{ id: expect.any(String) }, { id: expect.any(String) }]);
    expect(batch.accepted).toBe(2);
    expect(batch.results[1]).toMatchObject({ error: { message: 'Event x is too large.' } });
    const { events } = await vigilant.query('', { order: 'arrival' });
    expect(events.map(({ message }) => message)).toEqual(['before', 'first', 'third', 'after']);
  });

  it('merges the defaults of a child over its own', async () => {
    const vigilant = engine({ defaults: { origin: 'host', source: 'shop' } });
    vigilant.child({ source: 'cart' }).child({ group: 'g' }).warn('full');
    const { events } = await vigilant.query();
    expect(events).toMatchObject([{ origin: 'host', source: 'cart', group: 'g', level: 'WARN' }]);
  });

  it('logs an Error with message and stack', async () => {
    const vigilant = engine();
    vigilant.error(new Error('broken', { cause: new Error('why') }));
    vigilant.error('failed', new Error('inner'));
    const { events } = await vigilant.query('', { order: 'arrival' });
    expect(events[0]).toMatchObject({
      message: 'broken',
      data: { error: { message: 'broken', cause: { message: 'why' } } },
    });
    expect(events[1]).toMatchObject({ message: 'failed', data: { error: { message: 'inner' } } });
  });

  it.each([10, 60_000])('stores and returns the result of redact for %i bytes of data', async (size) => {
    const vigilant = engine({
      redact(event) {
        (event.data as { secret: string }).secret = '***';
        return event;
      },
    });
    const tail = take(vigilant.tail(), 1);
    await vigilant.log({ message: 'm', data: { secret: 'hunter2', padding: 'x'.repeat(size) } });
    const { events } = await vigilant.query();
    expect(events).toMatchObject([{ data: { secret: '***' } }]);
    const [item] = await tail;
    expect(item).toMatchObject({ event: { data: { secret: '***' } } });
    const bytes = encodeEvent((item as Extract<TailItem, { type: 'event' }>).event);
    expect(Buffer.from(bytes).toString()).not.toContain('hunter2');
  });

  it('writes no values of a rejected event to the diagnostics', async () => {
    const diagnostics: Diagnostic[] = [];
    const vigilant = engine({ onDiagnostic: (diagnostic) => void diagnostics.push(diagnostic) });
    await expect(vigilant.log({ message: 'm', level: '\x1b[2J token=hunter2' })).rejects.toThrow(
      'not a level',
    );
    expect(diagnostics).toMatchObject([{ code: 'event-refused' }]);
    expect(inspect(diagnostics, { depth: 10 })).not.toMatch(/hunter2|\x1b|x1B/);
  });

  const logged = async (write: (vigilant: Vigilant) => void) => {
    const vigilant = engine();
    write(vigilant);
    return (await vigilant.query()).events;
  };

  it('logs an Error of another realm with message and stack', async () => {
    const error = runInNewContext(`new TypeError('elsewhere')`) as Error;
    const expected = { name: 'TypeError', message: 'elsewhere', stack: expect.any(String) as string };
    expect(await logged((vigilant) => vigilant.error(error))).toMatchObject([
      { message: 'elsewhere', level: 'ERROR', data: { error: expected } },
    ]);
    expect(await logged((vigilant) => vigilant.warn('failed', error))).toMatchObject([
      { message: 'failed', data: { error: expected } },
    ]);
    expect(await logged((vigilant) => vigilant.info('failed', { cause: error }))).toMatchObject([
      { data: { cause: expected } },
    ]);
  });

  it.each<[string, unknown, unknown]>([
    ['an array', [1, 2], { value: [1, 2] }],
    ['a text', 'more', { value: 'more' }],
    ['a Set', new Set([1]), { value: [1] }],
    ['a date', new Date(0), { value: '1970-01-01T00:00:00.000Z' }],
    ['bytes', Buffer.from('hi'), { value: 'aGk=' }],
    ['null', null, {}],
  ])('keeps the message and the value of data that is %s', async (_, data, expected) => {
    const events = await logged((vigilant) => vigilant.info('order shipped', data as object));
    expect(events).toMatchObject([{ message: 'order shipped', data: expected }]);
  });

  it('cuts values that are too large for an event and marks the cuts', async () => {
    const error = Object.assign(new Error('支'.repeat(70_000)), { body: 'x'.repeat(300_000) });
    const [event] = await logged((vigilant) => vigilant.error(error));
    expect(event?.message).toMatch(/^支{21000,}… \[70000 characters\]$/);
    expect(event?.data).toMatchObject({
      error: { name: 'Error', body: expect.stringMatching(/^x{8192}… \[300000 characters\]$/) as string },
    });
  });

  it('still rejects oversized events of log()', async () => {
    const vigilant = engine();
    await expect(vigilant.log({ message: 'x'.repeat(70_000) })).rejects.toThrow('the limit is 65536');
    await expect(vigilant.log({ message: 'm', data: [1] })).rejects.toThrow('not an array');
  });

  it('reports the failure of a log() that is not awaited, without an unhandled rejection', async () => {
    const diagnostics: Diagnostic[] = [];
    const vigilant = engine({
      broker: createMemoryBroker({ maxBytes: 1 }),
      onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    });
    void vigilant.log({ message: 'lost' });
    vigilant.info('lost too');
    void vigilant.log({ message: 7 as unknown as string });
    await settle();
    expect(diagnostics.map(({ code }) => code)).toEqual(['event-refused', 'publish-failed']);
  });

  it('rejects log() with the code of a full broker', async () => {
    const vigilant = engine({ broker: createMemoryBroker({ maxBytes: 1 }) });
    await expect(vigilant.log({ message: 'x' })).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_FULL',
      retryable: true,
    });
  });

  it('rejects events while maxPendingBytes are pending', async () => {
    const vigilant = engine({ maxPendingBytes: 1024 * 1024 });
    const message = 'x'.repeat(60_000);
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => vigilant.log({ message })));
    const rejected = outcomes.filter(({ status }) => status === 'rejected');
    expect(rejected.length).toBeGreaterThan(0);
    expect((await vigilant.query('', { limit: 100 })).events).toHaveLength(40 - rejected.length);
  });

  it('neither repeats nor skips events of pages while events are logged', async () => {
    const vigilant = engine();
    await vigilant.logBatch(
      Array.from({ length: 50 }, (_, n) => ({ message: `m${n}`, timestamp: 1_700_000_000_000 })),
    );
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await vigilant.query('m', { limit: 7, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.events.map((event) => event.message));
      await vigilant.log({ message: 'm-late', timestamp: 1_700_000_000_000 });
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => `m${49 - n}`));
  });

  it('rejects a cursor of another filter, order or store', async () => {
    const vigilant = engine();
    await vigilant.logBatch([{ message: 'a' }, { message: 'a' }]);
    const { nextCursor = '' } = await vigilant.query('a', { limit: 1 });
    const invalid = { code: 'VIGILANT_CURSOR_INVALID' };
    await expect(vigilant.query('b', { cursor: nextCursor })).rejects.toMatchObject(invalid);
    await expect(vigilant.query('a', { cursor: nextCursor, order: 'oldest' })).rejects.toMatchObject(invalid);
    await expect(engine().query('a', { cursor: nextCursor })).rejects.toMatchObject(invalid);
  });

  it('counts per bucket and by value', async () => {
    const vigilant = engine();
    const minute = 60_000;
    await vigilant.logBatch([
      { message: 'a', timestamp: 1_700_000_000_000, tags: ['x', 'y'] },
      { message: 'b', timestamp: 1_700_000_000_000 + minute, level: 'ERROR', tags: ['x'] },
      { message: 'c', timestamp: 1_700_000_000_000 + 2 * minute, level: 'ERROR' },
    ]);
    const histogram = await vigilant.histogram('', { buckets: 3 });
    expect(histogram.buckets.map(({ counts }) => counts)).toEqual([{ INFO: 1 }, { ERROR: 1 }, { ERROR: 1 }]);
    expect(histogram).toMatchObject({ bucketMs: minute, exact: true, complete: true });
    const { facets } = await vigilant.facets('', { fields: ['level', 'tags'] });
    expect(facets.map(({ values }) => values)).toEqual([
      [
        { value: 'ERROR', count: 2 },
        { value: 'INFO', count: 1 },
      ],
      [
        { value: 'x', count: 2 },
        { value: 'y', count: 1 },
      ],
    ]);
  });

  it('returns at once with complete: false while the store fails', async () => {
    const store = scriptedStore(() => Promise.reject(unavailable()));
    const vigilant = engine({ store, batch: { intervalMs: 1 }, graceMs: 1 });
    await vigilant.log({ message: 'waiting' });
    await until(async () => (await vigilant.status()).scheduler.failedWrites > 0);
    const page = await vigilant.query();
    expect(page).toMatchObject({ events: [], freshness: { complete: false, pending: 1 } });
    expect(await vigilant.status()).toMatchObject({ state: 'degraded', scheduler: { state: 'retrying' } });
  });

  it('replays a dead letter', async () => {
    let isStrict = true;
    const store = scriptedStore((_, append) => (isStrict ? Promise.reject(rejected()) : append()));
    const vigilant = engine({ store });
    const { id } = await vigilant.log({ message: 'odd' });
    await vigilant.flush();
    const [letter] = (await vigilant.deadLetters.list()).letters;
    expect(letter).toMatchObject({ id, reason: 'rejected' });
    isStrict = false;
    await vigilant.deadLetters.replay(letter?.key ?? '');
    expect(await vigilant.get(id)).toMatchObject({ message: 'odd' });
    expect((await vigilant.deadLetters.list()).letters).toEqual([]);
  });
});

describe('the methods of an engine', () => {
  it('work detached from it', async () => {
    const { log, info, child, flush, query, tail, status, close, deadLetters } = engine();
    const { list } = deadLetters;
    const items = tail();
    await log({ message: 'one' });
    info('two');
    const { warn } = child({ source: 'cart' });
    warn('three');
    expect(await flush()).toMatchObject({ complete: true });
    const { events } = await query('', { order: 'arrival' });
    expect(events.map(({ message }) => message)).toEqual(['one', 'two', 'three']);
    expect(messages(await take(items, 1))).toEqual(['one']);
    expect((await list()).letters).toEqual([]);
    expect((await status()).state).toBe('ready');
    expect(await close()).toEqual({ stored: 3, left: 0, lost: 0, rejected: 0 });
  });

  it('work in a copy of it', async () => {
    const original = engine();
    const copy: Vigilant = { ...original, flush: async () => ({ complete: false }) };
    copy.info('logged');
    expect((await copy.query()).events).toMatchObject([{ message: 'logged' }]);
    expect(await copy.flush()).toEqual({ complete: false });
    expect(copy.capabilities).toBe(original.capabilities);
  });
});

describe('close()', () => {
  it('stores accepted events, counts them and rejects later ones', async () => {
    const store = scriptedStore();
    const vigilant = engine({ store });
    vigilant.info('last words');
    expect(await vigilant.close()).toEqual({ stored: 1, left: 0, lost: 0, rejected: 0 });
    expect(await vigilant.close()).toEqual({ stored: 1, left: 0, lost: 0, rejected: 0 });
    expect(store.appends.flat().map(({ message }) => message)).toEqual(['last words']);
    await expect(vigilant.log({ message: 'late' })).rejects.toMatchObject({ code: 'VIGILANT_CLOSED' });
    await expect(vigilant.query()).rejects.toMatchObject({ code: 'VIGILANT_CLOSED' });
  });

  it('counts the events that a memory broker loses', async () => {
    const store = scriptedStore(() => Promise.reject(unavailable()));
    const vigilant = engine({ store, graceMs: 50 });
    await vigilant.log({ message: 'x' });
    expect(await vigilant.close()).toEqual({ stored: 0, left: 0, lost: 1, rejected: 0 });
  });

  it('does nothing if the engine was never used', async () => {
    expect(await engine().close()).toEqual({ stored: 0, left: 0, lost: 0, rejected: 0 });
  });
});

describe('tail()', () => {
  it('returns matching events as they are accepted', async () => {
    const vigilant = engine();
    const items = vigilant.tail('source:shop');
    vigilant.child({ source: 'shop' }).info('one');
    vigilant.info('other');
    vigilant.child({ source: 'shop' }).info('two');
    expect(messages(await take(items, 2))).toEqual(['one', 'two']);
  });

  it('continues after the cursor of a query without missing an event', async () => {
    const vigilant = engine();
    await vigilant.log({ message: 'before' });
    const { tailCursor } = await vigilant.query();
    await vigilant.log({ message: 'between' });
    await vigilant.flush();
    const items = vigilant.tail('', { cursor: tailCursor });
    await vigilant.log({ message: 'after' });
    expect(messages(await take(items, 2))).toEqual(['between', 'after']);
  });

  it('resumes after any of its items', async () => {
    const vigilant = engine();
    const items = vigilant.tail();
    for (let n = 0; n < 5; n += 1) await vigilant.log({ message: `m${n}` });
    const first = await take(items, 2);
    const seen = new Set<string>();
    for await (const item of vigilant.tail('', { cursor: first[1]?.cursor ?? '' })) {
      if (item.type === 'event') seen.add(item.event.message);
      if (seen.has('m4')) break;
    }
    expect([...seen]).toEqual(expect.arrayContaining(['m2', 'm3', 'm4']));
  });

  it('counts the events that a slow reader missed', async () => {
    const vigilant = engine();
    const items = vigilant.tail('', { maxBufferedBytes: 2_000 });
    for (let n = 0; n < 50; n += 1) await vigilant.log({ message: `m${n}` });
    const taken: TailItem[] = [];
    for await (const item of items) {
      taken.push(item);
      if (item.type === 'gap') break;
    }
    const gap = taken.at(-1);
    expect(gap).toMatchObject({ type: 'gap', reason: 'slow' });
    expect(taken.length - 1 + (gap?.type === 'gap' ? (gap.missed ?? 0) : 0)).toBe(50);
  });

  it('reports a gap if the cursor belongs to another store', async () => {
    const other = engine();
    await other.log({ message: 'x' });
    const { tailCursor } = await other.query();
    const vigilant = engine();
    const items = vigilant.tail('', { cursor: tailCursor });
    expect(await take(items, 1)).toMatchObject([{ type: 'gap', reason: 'epoch' }]);
  });

  it('ends with its signal, its loop or the engine', async () => {
    const vigilant = engine();
    const stop = new AbortController();
    const bySignal = take(vigilant.tail('', { signal: stop.signal }), 1);
    const byClose = take(vigilant.tail(), 1);
    await settle();
    stop.abort();
    expect(await bySignal).toEqual([]);
    await vigilant.close();
    expect(await byClose).toEqual([]);
    expect((await vigilant.status()).tails).toBe(0);
  });

  it('rejects an invalid filter at once', () => {
    expect(() => engine().tail('nope:1')).toThrow(/nope/);
  });

  it('closes at once when a tail began while the adapters were opening', async () => {
    const clock = createManualClock();
    const store = createMemoryStore();
    const openStore = store.open.bind(store);
    store.open = async (context) => {
      await sleep(clock, 20);
      await openStore(context);
    };
    const vigilant = createVigilant({ store, clock });
    vigilant.tail();
    const closing = vigilant.close();
    await clock.advance(20);
    await closing;
  });
});

describe('logBatch()', () => {
  it('rejects a batch larger than maxPendingBytes as not retryable', async () => {
    const vigilant = createVigilant({ maxPendingBytes: 1024 * 1024 });
    const batch = Array.from({ length: 40 }, () => ({ message: 'x'.repeat(60_000) }));
    await expect(vigilant.logBatch(batch)).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_FULL',
      retryable: false,
      message: expect.stringContaining('Split the batch') as string,
    });
    await vigilant.close();
  });
});
