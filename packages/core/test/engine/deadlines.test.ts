import type { BarrierResult, Broker, ManualClock, Store, Vigilant } from '@vigilant/core';
import { createManualClock, createMemoryBroker, createMemoryStore, createVigilant } from '@vigilant/core';
import { afterEach, describe, expect, it } from 'vitest';
import { settle } from '../support';
import { watch } from './support';

const never = (): Promise<never> => new Promise(() => {});

const opened: { readonly vigilant: Vigilant; readonly clock: ManualClock }[] = [];

function setUp(change: { readonly store?: Partial<Store>; readonly broker?: Partial<Broker> } = {}) {
  const clock = createManualClock();
  const store = Object.assign(createMemoryStore(), change.store);
  const broker = Object.assign(createMemoryBroker(), change.broker);
  const vigilant = createVigilant({ store, broker, clock });
  opened.push({ vigilant, clock });
  return { clock, vigilant, store, broker };
}

afterEach(async () => {
  for (const { vigilant, clock } of opened.splice(0)) {
    const closing = vigilant.close();
    await clock.advance(60_000);
    await closing;
  }
});

const storeUnavailable = (ms: number) => ({
  code: 'VIGILANT_STORE_UNAVAILABLE',
  retryable: true,
  message: `The store did not open within ${ms} ms. It is still being opened; try again later, or allow more time.`,
});

const searches = ['query', 'histogram', 'facets'] as const;

describe('a call while the store opens', () => {
  it.each(searches)('rejects %s at its deadline', async (method) => {
    const { clock, vigilant } = setUp({ store: { open: never } });
    const { outcome } = watch(vigilant[method]('', { deadlineMs: 500 }));
    await clock.advance(499);
    expect(outcome()).toBeUndefined();
    await clock.advance(1);
    expect(outcome()).toMatchObject(storeUnavailable(500));
  });

  it.each<[string, (vigilant: Vigilant) => Promise<unknown>]>([
    ['query()', (vigilant) => vigilant.query()],
    ['query() of a second page', async (vigilant) => vigilant.query('', { cursor: await cursorOfPage() })],
    ['histogram()', (vigilant) => vigilant.histogram()],
    ['facets()', (vigilant) => vigilant.facets()],
    ['get()', (vigilant) => vigilant.get('a')],
    ['findConflicts()', (vigilant) => vigilant.findConflicts([])],
    ['deadLetters.list()', (vigilant) => vigilant.deadLetters.list()],
    ['deadLetters.get()', (vigilant) => vigilant.deadLetters.get('a')],
    ['deadLetters.replay()', (vigilant) => vigilant.deadLetters.replay('a')],
    ['deadLetters.delete()', (vigilant) => vigilant.deadLetters.delete('a')],
  ])('rejects %s after 10 seconds by default', async (_, call) => {
    const { clock, vigilant } = setUp({ store: { open: never } });
    const { outcome } = watch(call(vigilant));
    await clock.advance(9_999);
    expect(outcome()).toBeUndefined();
    await clock.advance(1);
    expect(outcome()).toMatchObject(storeUnavailable(10_000));
  });

  it.each<[string, (vigilant: Vigilant, signal: AbortSignal) => Promise<unknown>]>([
    ...searches.map((method): [string, (vigilant: Vigilant, signal: AbortSignal) => Promise<unknown>] => [
      `${method}()`,
      (vigilant, signal) => vigilant[method]('', { signal }),
    ]),
    ['get()', (vigilant, signal) => vigilant.get('a', { signal })],
    ['flush()', (vigilant, signal) => vigilant.flush({ signal })],
  ])('rejects %s when its signal is aborted, leaving no timer', async (_, call) => {
    const { clock, vigilant } = setUp({ store: { open: never } });
    const abort = new AbortController();
    const { outcome } = watch(call(vigilant, abort.signal));
    await settle();
    abort.abort(new Error('no longer wanted'));
    await settle();
    expect(outcome()).toMatchObject({ message: 'no longer wanted' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('resolves flush() at its timeout', async () => {
    const { clock, vigilant } = setUp({ store: { open: never } });
    const { outcome } = watch(vigilant.flush({ timeoutMs: 300 }));
    await clock.advance(299);
    expect(outcome()).toBeUndefined();
    await clock.advance(1);
    expect(outcome()).toEqual({ complete: false });
  });

  it('ends a tail when its signal is aborted', async () => {
    const { vigilant } = setUp({ store: { open: never } });
    const abort = new AbortController();
    const next = vigilant.tail('', { signal: abort.signal }).next();
    await settle();
    abort.abort();
    expect(await next).toEqual({ value: undefined, done: true });
  });

  it('leaves the rest of the deadline to the search', async () => {
    const { clock, vigilant, store } = setUp();
    const limits: (number | undefined)[] = [];
    const { open, query } = store;
    store.open = (context) =>
      new Promise((resolve) => void clock.after(600, () => void open.call(store, context).then(resolve)));
    store.query = (request) => {
      limits.push(request.deadlineMs);
      return query.call(store, request);
    };
    const page = vigilant.query('', { deadlineMs: 1_000, freshMs: 0 });
    await clock.advance(600);
    expect(await page).toMatchObject({ events: [], complete: true });
    expect(limits).toEqual([400]);
  });
});

describe('a call while the broker opens', () => {
  it('is rejected at its deadline', async () => {
    const { clock, vigilant } = setUp({ broker: { open: never } });
    const { outcome } = watch(vigilant.query('', { deadlineMs: 500 }));
    await clock.advance(500);
    expect(outcome()).toMatchObject({
      code: 'VIGILANT_BROKER_UNAVAILABLE',
      message: expect.stringContaining('The broker did not open within 500 ms.') as string,
    });
  });
});

describe('the wait for freshness', () => {
  const endless = { barrier: (): Promise<BarrierResult> => never() };

  it.each(searches)('uses at most half of the deadline of %s', async (method) => {
    const { clock, vigilant } = setUp({ broker: endless });
    const { outcome } = watch(vigilant[method]('', { deadlineMs: 1_000 }));
    await clock.advance(499);
    expect(outcome()).toBeUndefined();
    await clock.advance(1);
    expect(outcome()).toMatchObject({ complete: true, freshness: { complete: false } });
  });

  it('lasts freshMs if no deadline is given', async () => {
    const { clock, vigilant } = setUp({ broker: endless });
    const { outcome } = watch(vigilant.query('', { freshMs: 60_000 }));
    await clock.advance(59_999);
    expect(outcome()).toBeUndefined();
    await clock.advance(1);
    expect(outcome()).toMatchObject({ freshness: { complete: false } });
  });
});

describe('get()', () => {
  it('rejects when its signal is aborted while the store reads', async () => {
    const { vigilant } = setUp({ store: { get: never } });
    const abort = new AbortController();
    const { outcome } = watch(vigilant.get('a', { signal: abort.signal }));
    await settle();
    abort.abort(new Error('no longer wanted'));
    await settle();
    expect(outcome()).toMatchObject({ message: 'no longer wanted' });
  });
});

async function cursorOfPage(): Promise<string> {
  const vigilant = createVigilant();
  await vigilant.logBatch([{ message: 'a' }, { message: 'b' }]);
  const { nextCursor = '' } = await vigilant.query('', { limit: 1 });
  await vigilant.close();
  return nextCursor;
}

describe('a call to a store that no longer answers', () => {
  const KEY = '0'.repeat(32);
  const HANGING = { get: never, list: never, count: never, put: never, delete: never, write: never };

  it.each<[string, (vigilant: Vigilant) => Promise<unknown>]>([
    ['get()', (vigilant) => vigilant.get('a')],
    ['findConflicts()', (vigilant) => vigilant.findConflicts([{ id: KEY, message: 'm' }])],
    ['deadLetters.list()', (vigilant) => vigilant.deadLetters.list()],
    ['deadLetters.get()', (vigilant) => vigilant.deadLetters.get('a')],
    ['deadLetters.replay()', (vigilant) => vigilant.deadLetters.replay('a')],
    ['deadLetters.delete()', (vigilant) => vigilant.deadLetters.delete('a')],
    ['views.list()', (vigilant) => vigilant.views.list()],
    ['views.get()', (vigilant) => vigilant.views.get('a')],
    ['views.create()', (vigilant) => vigilant.views.create({ name: 'a' })],
    ['views.update()', (vigilant) => vigilant.views.update('a', { name: 'a' }, { revision: '1' })],
    ['views.delete()', (vigilant) => vigilant.views.delete('a', { revision: '1' })],
  ])('rejects %s after 10 seconds', async (_, call) => {
    const { clock, vigilant } = setUp({ store: { get: never, documents: HANGING } });
    await vigilant.open();
    const { outcome } = watch(call(vigilant));
    await clock.advance(9_999);
    expect(outcome()).toBeUndefined();
    await clock.advance(1);
    await settle();
    expect(outcome()).toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      message: expect.stringContaining('The store did not answer within 10000 ms') as string,
    });
  });

  it.each(searches)('rejects %s 2 seconds after its deadline', async (method) => {
    const { clock, vigilant } = setUp({ store: { query: never, histogram: never, facets: never } });
    await vigilant.open();
    const { outcome } = watch(vigilant[method]('', { deadlineMs: 500 }));
    await clock.advance(2_499);
    expect(outcome()).toBeUndefined();
    await clock.advance(1);
    await settle();
    expect(outcome()).toMatchObject({ code: 'VIGILANT_STORE_UNAVAILABLE', retryable: true });
  });
});
