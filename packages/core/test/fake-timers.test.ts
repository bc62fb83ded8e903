import { afterEach, describe, expect, it, vi } from 'vitest';
import { createVigilant } from '../src/index';
import { yieldToEventLoop } from '../src/util/clock';

/** All functions that fake timers can replace, except those on which Node.js itself relies. */
const ALL = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
] as const;
const FAKES = [...ALL, 'performance', 'queueMicrotask', 'hrtime', 'Date'] as const;

afterEach(() => {
  vi.useRealTimers();
  vi.resetModules();
});

describe('an engine under fake timers', () => {
  it('logs, queries and closes', async () => {
    vi.useFakeTimers({ toFake: [...FAKES] });
    const vigilant = createVigilant({ batch: { intervalMs: 10 } });
    await vigilant.log({ message: 'first' });
    const { events } = await vigilant.query();
    expect(events.map(({ message }) => message)).toEqual(['first']);
    expect(await vigilant.close()).toEqual({ stored: 1, left: 0, lost: 0, rejected: 0 });
  });

  it('stores an event at the end of its batch interval', async () => {
    vi.useFakeTimers({ toFake: [...FAKES] });
    const vigilant = createVigilant({ batch: { intervalMs: 10 } });
    await vigilant.log({ message: 'first' });
    while ((await vigilant.status()).scheduler.stored === 0) await yieldToEventLoop();
    await vigilant.close();
  });

  it('works when it is loaded after the fakes', async () => {
    vi.useFakeTimers({ toFake: [...FAKES] });
    vi.resetModules();
    const { createVigilant: createLater } = await import('../src/index');
    const vigilant = createLater();
    await vigilant.log({ message: 'first' });
    expect((await vigilant.query()).events).toHaveLength(1);
    await vigilant.close();
  });

  it('works while real and fake timers alternate', async () => {
    const vigilant = createVigilant();
    for (let turn = 1; turn <= 3; turn += 1) {
      vi.useFakeTimers({ toFake: [...FAKES] });
      await vigilant.log({ message: 'with fakes' });
      vi.useRealTimers();
      await vigilant.log({ message: 'without' });
      expect((await vigilant.query()).events).toHaveLength(turn * 2);
    }
    await vigilant.close();
  });

  it('stamps events with the time of the fake Date', async () => {
    vi.useFakeTimers({ toFake: [...FAKES], now: Date.UTC(2001, 1, 3) });
    const vigilant = createVigilant();
    await vigilant.log({ message: 'long ago' });
    const { events } = await vigilant.query('', { since: '1h' });
    expect(events.map(({ timestamp }) => timestamp)).toEqual([Date.UTC(2001, 1, 3)]);
    await vigilant.close();
  });
});
