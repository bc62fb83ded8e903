import { describe, expect, it } from 'vitest';
import type { Broker } from '../../src/contracts/broker';
import type { AdapterContext } from '../../src/contracts/context';
import type { Store } from '../../src/contracts/store';
import { createManualClock } from '../../src/util/clock';
import type { Diagnostic } from '../../src/util/diagnostics';
import { createVigilant } from '../../src/engine/engine';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { createMemoryStore } from '../../src/memory/memory-store';
import { settle, unavailable } from '../support';
import { watch } from './support';

function setUp() {
  const clock = createManualClock();
  const diagnostics: Diagnostic[] = [];
  const store = createMemoryStore();
  const broker = createMemoryBroker();
  const isDown = { store: false, broker: false };
  const attempts = { store: 0, broker: 0 };
  const openStore = store.open.bind(store);
  const openBroker = broker.open.bind(broker);
  store.open = (context) => {
    attempts.store += 1;
    return isDown.store ? Promise.reject(unavailable()) : openStore(context);
  };
  broker.open = (context) => {
    attempts.broker += 1;
    return isDown.broker ? Promise.reject(new Error('no broker')) : openBroker(context);
  };
  const onDiagnostic = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const vigilant = createVigilant({ store, broker, clock, onDiagnostic, batch: { intervalMs: 1 } });
  return { clock, diagnostics, isDown, attempts, vigilant };
}

describe('an engine whose store cannot be opened', () => {
  it('accepts events, and stores them once the store is open', async () => {
    const { clock, isDown, vigilant } = setUp();
    isDown.store = true;
    await vigilant.log({ message: 'early' });
    await clock.advance(60_000);
    isDown.store = false;
    await clock.advance(30_000);
    expect(await vigilant.status()).toMatchObject({ state: 'ready', scheduler: { stored: 1 } });
    await vigilant.close();
  });

  it('reports it in its status and diagnostics', async () => {
    const { clock, diagnostics, isDown, vigilant } = setUp();
    expect((await vigilant.status()).state).toBe('idle');
    isDown.store = true;
    await vigilant.log({ message: 'early' });
    await clock.advance(60_000);
    const { store, ...status } = await vigilant.status();
    expect(status).toMatchObject({ state: 'degraded', reasons: ['store: the store is away'] });
    expect(status.broker).toMatchObject({ state: 'ready', pendingEvents: 1 });
    expect(store).toBeUndefined();
    expect(diagnostics[0]).toMatchObject({ level: 'warn', component: 'engine', code: 'store-open-failed' });
    isDown.store = false;
    await vigilant.open();
    expect(await vigilant.status()).toMatchObject({ state: 'ready', reasons: [] });
    await vigilant.close();
  });

  it('pauses longer after each attempt, and makes one attempt at a time', async () => {
    const { clock, isDown, attempts, vigilant } = setUp();
    isDown.store = true;
    for (let n = 0; n < 50; n += 1) await vigilant.log({ message: 'early' });
    expect(attempts.store).toBe(1);
    await clock.advance(600_000);
    expect(attempts.store).toBeLessThan(60);
    expect(attempts.broker).toBe(1);
    const before = attempts.store;
    await Promise.allSettled([vigilant.query(), vigilant.open(), vigilant.get('x')]);
    expect(attempts.store).toBe(before + 1);
    void vigilant.close();
    await clock.advance(20_000);
  });

  it('rejects queries and open() with the error of the store, and succeeds later', async () => {
    const { isDown, vigilant } = setUp();
    isDown.store = true;
    const error = { code: 'VIGILANT_STORE_UNAVAILABLE', message: 'the store is away' };
    await expect(vigilant.open()).rejects.toMatchObject(error);
    await expect(vigilant.query()).rejects.toMatchObject(error);
    await expect(vigilant.tail().next()).rejects.toMatchObject(error);
    await expect(vigilant.deadLetters.list()).rejects.toMatchObject(error);
    isDown.store = false;
    await vigilant.log({ message: 'x' });
    expect((await vigilant.query()).events).toHaveLength(1);
    await vigilant.close();
  });

  it('is opened by a query even if the next attempt is due much later', async () => {
    const { clock, isDown, vigilant } = setUp();
    isDown.store = true;
    await vigilant.log({ message: 'early' });
    await clock.advance(300_000);
    isDown.store = false;
    expect((await vigilant.query()).events).toHaveLength(1);
    await vigilant.close();
  });
});

describe('an engine whose broker cannot be opened', () => {
  it('rejects log() with the error of the broker, and succeeds later', async () => {
    const { clock, isDown, attempts, vigilant } = setUp();
    isDown.broker = true;
    await expect(vigilant.log({ message: 'x' })).rejects.toThrow('no broker');
    expect((await vigilant.status()).reasons).toEqual(['broker: no broker']);
    isDown.broker = false;
    await clock.advance(1_000);
    expect((await vigilant.status()).state).toBe('ready');
    await vigilant.log({ message: 'y' });
    expect(attempts).toEqual({ store: 1, broker: 2 });
    await vigilant.close();
  });
});

describe('close() while an adapter opens', () => {
  it('leaves neither an attempt nor a timer', async () => {
    const { clock, isDown, attempts, vigilant } = setUp();
    isDown.store = true;
    await expect(vigilant.open()).rejects.toThrow();
    await vigilant.close();
    await settle();
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(600_000);
    expect(attempts.store).toBe(1);
  });

  it('does not open an adapter for a later call', async () => {
    const { attempts, vigilant } = setUp();
    const closing = vigilant.close();
    const calls = [vigilant.query(), vigilant.get('a'), vigilant.flush(), vigilant.deadLetters.list()];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'VIGILANT_CLOSED' });
    await closing;
    expect(attempts).toEqual({ store: 0, broker: 0 });
  });

  it('tries again after an adapter that throws at once', async () => {
    const { clock, vigilant, attempts } = setUp();
    const store = createMemoryStore();
    const openStore = store.open.bind(store);
    let calls = 0;
    store.open = (context) => {
      calls += 1;
      if (calls === 1) throw unavailable();
      return openStore(context);
    };
    const other = createVigilant({ store, clock });
    await expect(other.open()).rejects.toMatchObject({ code: 'VIGILANT_STORE_UNAVAILABLE' });
    await other.open();
    expect([calls, attempts.store]).toEqual([2, 0]);
    await other.close();
    await vigilant.close();
  });
});

describe.each(['store', 'broker'] as const)('close() while the %s has not finished opening', (name) => {
  /**
   * Creates an engine with an adapter that opens when the test allows it. Its `open` rejects when the signal of its context
   * is aborted, unless it ignores the signal.
   */
  function setUp({ ignoresSignal }: { readonly ignoresSignal: boolean }) {
    const clock = createManualClock();
    const diagnostics: Diagnostic[] = [];
    const adapters = { store: createMemoryStore(), broker: createMemoryBroker() };
    const adapter: Store | Broker = adapters[name];
    const contexts: AdapterContext[] = [];
    const { open, close } = adapter;
    let finish = (): void => {};
    let isOpen = false;
    adapter.open = (context) =>
      new Promise((resolve, reject) => {
        contexts.push(context);
        if (!ignoresSignal) context.signal.addEventListener('abort', () => reject(unavailable()));
        finish = () => {
          isOpen = true;
          resolve(open.call(adapter, context));
        };
      });
    adapter.close = () => {
      isOpen = false;
      return close.call(adapter);
    };
    const vigilant = createVigilant({
      ...adapters,
      clock,
      onDiagnostic: (diagnostic) => void diagnostics.push(diagnostic),
    });
    return { clock, diagnostics, adapters, contexts, vigilant, finish: () => finish(), isOpen: () => isOpen };
  }

  const nothing = { stored: 0, left: 0, lost: 0, rejected: 0 };

  it('resolves at once when nothing is to be stored', async () => {
    const { clock, diagnostics, contexts, vigilant } = setUp({ ignoresSignal: false });
    const opening = watch(vigilant.open());
    await settle();
    const closing = watch(vigilant.close());
    await settle();
    expect(closing.outcome()).toEqual(nothing);
    expect(opening.outcome()).toMatchObject({ code: 'VIGILANT_CLOSED' });
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect([diagnostics, clock.pendingTimers]).toEqual([[], 0]);
  });

  it('closes the other adapter before its signal is aborted', async () => {
    const { adapters, vigilant } = setUp({ ignoresSignal: false });
    const other: Store | Broker = name === 'store' ? adapters.broker : adapters.store;
    const { open, close } = other;
    let context: AdapterContext | undefined;
    let wasAborted: boolean | undefined;
    other.open = (given) => {
      context = given;
      return open.call(other, given);
    };
    other.close = () => {
      wasAborted = context?.signal.aborted;
      return close.call(other);
    };
    // Another process stores what is published.
    adapters.broker.publish = async () => {};
    if (name === 'store') await vigilant.log({ message: 'published' });
    else watch(vigilant.open());
    await settle();
    const closing = watch(vigilant.close());
    await settle();
    expect(closing.outcome()).toEqual(nothing);
    expect([wasAborted, context?.signal.aborted]).toEqual([false, true]);
  });

  it('rejects calls that wait for the adapter, and ends tails', async () => {
    const { vigilant } = setUp({ ignoresSignal: false });
    const calls = [vigilant.query(), vigilant.get('a'), vigilant.flush(), vigilant.deadLetters.list()];
    const outcomes = [...calls.map(watch), watch(vigilant.tail().next())];
    await settle();
    const closing = watch(vigilant.close());
    await settle();
    expect(closing.outcome()).toEqual(nothing);
    const closed = calls.map(() => ({ code: 'VIGILANT_CLOSED' }));
    expect(outcomes.map(({ outcome }) => outcome())).toMatchObject([...closed, { done: true }]);
  });

  it('waits a second for an adapter that does not observe its signal, and closes it once it is open', async () => {
    const { clock, diagnostics, vigilant, finish, isOpen } = setUp({ ignoresSignal: true });
    watch(vigilant.open());
    await settle();
    const closing = watch(vigilant.close());
    await clock.advance(1_000);
    expect(closing.outcome()).toEqual(nothing);
    expect(diagnostics).toMatchObject([{ code: 'close-failed' }]);
    finish();
    await settle();
    expect([isOpen(), clock.pendingTimers]).toEqual([false, 0]);
  });
});

describe('close() while events wait for the broker to open', () => {
  it('waits for the grace time, then rejects them', async () => {
    const broker = createMemoryBroker();
    broker.open = () => new Promise(() => {});
    const clock = createManualClock();
    const vigilant = createVigilant({ broker, clock, graceMs: 3_000 });
    const logged = vigilant.log({ message: 'early' }).then(
      () => 'accepted',
      (error: unknown) => error,
    );
    let isClosed = false;
    const closing = vigilant.close().finally(() => (isClosed = true));
    await clock.advance(2_600);
    expect(isClosed).toBe(false);
    await clock.advance(1_000);
    expect(await closing).toEqual({ stored: 0, left: 0, lost: 0, rejected: 1 });
    expect(await logged).toMatchObject({ code: 'VIGILANT_CLOSED' });
    expect(clock.pendingTimers).toBe(0);
  });
});
