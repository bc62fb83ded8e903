import { createManualClock, createMemoryStore, createVigilant } from '@vigilant/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { abortable, withTimeout } from '../../src/util/signals';
import { settle } from '../support';

/** Collects the warnings of the process during a test. */
function collectWarnings(): readonly Error[] {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  return warnings;
}

it('uses one signal for many concurrent calls without a process warning', async () => {
  const warnings = collectWarnings();
  const vigilant = createVigilant();
  const { signal } = new AbortController();
  const tails = Array.from({ length: 20 }, () => vigilant.tail('', { signal }));
  await Promise.all([
    ...Array.from({ length: 20 }, () => vigilant.query('', { signal })),
    ...Array.from({ length: 20 }, () => vigilant.flush({ signal })),
  ]);
  await Promise.all(tails.map((tail) => tail.return?.()));
  await vigilant.close();
  await settle();
  expect(warnings).toEqual([]);
});

it('passes a signal to adapters that many concurrent calls can use without a process warning', async () => {
  const warnings = collectWarnings();
  const store = createMemoryStore();
  const query = store.query.bind(store);
  let signal: AbortSignal | undefined;
  const open = store.open.bind(store);
  store.open = async (context) => {
    signal = context.signal;
    await open(context);
  };
  store.query = (request) => abortable(query(request), signal);
  const vigilant = createVigilant({ store });
  await Promise.all(Array.from({ length: 20 }, () => vigilant.query('')));
  await vigilant.close();
  await settle();
  expect(warnings).toEqual([]);
});

const never = (): Promise<never> => new Promise(() => {});

/** Returns a signal that counts its listeners. */
function countedSignal() {
  const abort = new AbortController();
  const { signal } = abort;
  let listeners = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  };
  return { abort, signal, listeners: () => listeners };
}

describe('abortable()', () => {
  it('settles like the work and removes its listener', async () => {
    const { signal, listeners } = countedSignal();
    expect(await abortable(Promise.resolve(5), signal)).toBe(5);
    await expect(abortable(Promise.reject(new Error('x')), signal)).rejects.toThrow('x');
    expect(listeners()).toBe(0);
  });

  it('rejects with the reason of the signal once it is aborted', async () => {
    const { abort, signal, listeners } = countedSignal();
    const call = abortable(never(), signal);
    abort.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(listeners()).toBe(0);
  });

  it('rejects at once if the signal is already aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(abortable(never(), signal)).rejects.toThrow('enough');
    await expect(abortable(Promise.resolve(5), signal)).rejects.toThrow('enough');
  });
});

describe('withTimeout()', () => {
  const setUp = () => {
    const clock = createManualClock();
    const onTimeout = (): string => 'too late';
    return { clock, limit: { clock, timeoutMs: 100, onTimeout } };
  };

  it('settles like the work and leaves no timer', async () => {
    const { clock, limit } = setUp();
    expect(await withTimeout(Promise.resolve('done'), limit)).toBe('done');
    await expect(withTimeout(Promise.reject(new Error('x')), limit)).rejects.toThrow('x');
    expect(clock.pendingTimers).toBe(0);
  });

  it('settles like onTimeout once the timeout has passed', async () => {
    const { clock, limit } = setUp();
    const fails = (): never => {
      throw new Error('too late');
    };
    const calls = [withTimeout(never(), limit), withTimeout(never(), { ...limit, onTimeout: fails })];
    const settled = Promise.allSettled(calls);
    await clock.advance(100);
    expect(await settled).toMatchObject([{ value: 'too late' }, { reason: { message: 'too late' } }]);
  });

  it('rejects with the reason of the signal and leaves no timer', async () => {
    const { clock, limit } = setUp();
    const abort = new AbortController();
    const call = withTimeout(never(), { ...limit, signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(clock.pendingTimers).toBe(0);
  });
});
