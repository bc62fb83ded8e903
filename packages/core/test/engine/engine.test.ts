import { describe, expect, it } from 'vitest';
import type { Vigilant } from '../../src/contracts/vigilant';
import { rejected, scriptedStore, unavailable, until } from '../support';
import { engine, messages, take } from './support';

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
