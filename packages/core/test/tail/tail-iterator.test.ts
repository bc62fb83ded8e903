import { describe, expect, it } from 'vitest';
import type { TailReader } from '../../src/tail/tail-reader';
import { createTailIterator } from '../../src/tail/tail-iterator';
import type { TailItem } from '../../src/contracts/vigilant';
import { settle } from '../support';

/** Creates a reader whose results are supplied by the test, one per call. */
function setUp(signal?: AbortSignal) {
  const calls: { resolve: (item?: TailItem) => void; reject: (error: Error) => void }[] = [];
  let left = 0;
  const reader: TailReader = {
    next: () => new Promise((resolve, reject) => calls.push({ resolve, reject })),
    leave: () => void (left += 1),
  };
  return { calls, items: createTailIterator(reader, signal), leaves: () => left };
}

const item = (cursor: string): TailItem => ({ type: 'checkpoint', cursor });
const DONE = { done: true, value: undefined };

describe('createTailIterator', () => {
  it('answers calls in order, and requests one item at a time from the reader', async () => {
    const { calls, items } = setUp();
    const both = [items.next(), items.next()];
    await settle();
    expect(calls).toHaveLength(1);
    calls[0]?.resolve(item('a'));
    await settle();
    calls[1]?.resolve(item('b'));
    expect(await Promise.all(both)).toEqual(['a', 'b'].map((name) => ({ done: false, value: item(name) })));
  });

  it('answers a call after one that failed', async () => {
    const { calls, items } = setUp();
    const failed = items.next();
    const next = items.next();
    await settle();
    calls[0]?.reject(new Error('the store is away'));
    await expect(failed).rejects.toThrow('the store is away');
    await settle();
    calls[1]?.resolve(undefined);
    expect(await next).toEqual(DONE);
  });

  it('leaves when the reader has ended, and when the loop is left', async () => {
    const ended = setUp();
    const next = ended.items.next();
    await settle();
    ended.calls[0]?.resolve(undefined);
    expect([await next, ended.leaves()]).toEqual([DONE, 1]);
    const broken = setUp();
    expect([await broken.items.return?.(), broken.leaves()]).toEqual([DONE, 1]);
  });

  it('leaves at its signal, even if it is already aborted', () => {
    const stop = new AbortController();
    const running = setUp(stop.signal);
    expect(running.leaves()).toBe(0);
    stop.abort();
    expect([running.leaves(), setUp(AbortSignal.abort()).leaves()]).toEqual([1, 1]);
  });

  it('removes its listener from the signal', async () => {
    const stop = new AbortController();
    const { items, leaves } = setUp(stop.signal);
    await items.return?.();
    stop.abort();
    expect(leaves()).toBe(1);
  });

  it('is its own iterator', () => {
    const { items } = setUp();
    expect(items[Symbol.asyncIterator]()).toBe(items);
  });
});
