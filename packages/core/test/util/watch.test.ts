import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/event/event';
import { createWatch } from '../../src/util/watch';
import type { Watch } from '../../src/util/watch';
import { events, settle } from '../support';

function setUp(signal: AbortSignal = new AbortController().signal) {
  const watches = new Set<Watch<Event>>();
  let ends = 0;
  const watch = createWatch(watches, 10, signal, () => void (ends += 1));
  return { watch, watches, iterator: watch[Symbol.asyncIterator](), ends: () => ends };
}

const DONE = { done: true, value: undefined };
const batches: (readonly Event[])[] = [1, 2, 3].map((count) => events(count));
const overflow = { code: 'VIGILANT_WATCH_OVERFLOW' };

describe('createWatch', () => {
  it('buffers exactly its maximum', async () => {
    const { watch, iterator } = setUp();
    watch.push(batches[0]!, 4);
    watch.push(batches[1]!, 6);
    watch.end();
    expect([(await iterator.next()).value, (await iterator.next()).value]).toEqual(batches.slice(0, 2));
    expect(await iterator.next()).toEqual(DONE);
  });

  it('fails after its buffered events when it overflows', async () => {
    const { watch, watches, iterator, ends } = setUp();
    watch.push(batches[0]!, 4);
    watch.push(batches[1]!, 7);
    watch.push(batches[2]!, 1);
    expect([watches.size, ends()]).toEqual([0, 1]);
    expect((await iterator.next()).value).toBe(batches[0]);
    await expect(iterator.next()).rejects.toMatchObject({
      ...overflow,
      message: expect.stringContaining('10 bytes'),
    });
  });

  it('rejects a waiting reader', async () => {
    const { watch, iterator } = setUp();
    const next = iterator.next();
    await settle();
    watch.push(batches[0]!, 11);
    await expect(next).rejects.toMatchObject(overflow);
  });

  it('has its full capacity again once its events are read', async () => {
    const { watch, iterator } = setUp();
    for (let round = 0; round < 20; round += 1) {
      watch.push(batches[0]!, 6);
      expect((await iterator.next()).value).toBe(batches[0]);
    }
  });

  it('wakes a waiting reader', async () => {
    const { watch, iterator } = setUp();
    const next = iterator.next();
    await settle();
    watch.push(batches[0]!, 1);
    expect((await next).value).toBe(batches[0]);
  });

  it('drops its buffered events when its signal is aborted', async () => {
    const stop = new AbortController();
    const { watch, watches, iterator, ends } = setUp(stop.signal);
    watch.push(batches[0]!, 1);
    stop.abort();
    watch.push(batches[1]!, 1);
    expect(await iterator.next()).toEqual(DONE);
    expect([watches.size, ends()]).toEqual([0, 1]);
  });

  it('ends at once if its signal is already aborted', async () => {
    const { watches, iterator } = setUp(AbortSignal.abort());
    expect([await iterator.next(), watches.size]).toEqual([DONE, 0]);
  });

  it('ends once and removes its listener when its reader leaves', async () => {
    const stop = new AbortController();
    const { watch, watches, iterator, ends } = setUp(stop.signal);
    watch.push(batches[0]!, 1);
    watch.push(batches[1]!, 1);
    await iterator.next();
    expect(watches.size).toBe(1);
    await iterator.return?.();
    stop.abort();
    watch.end();
    expect([watches.size, ends()]).toEqual([0, 1]);
  });
});
