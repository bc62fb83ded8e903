import { describe, expect, it } from 'vitest';
import { createManualClock, sleep } from '../../src/util/clock';
import { createVigilant } from '../../src/engine/engine';
import { createMemoryStore } from '../../src/memory/memory-store';
import type { TailItem } from '../../src/contracts/vigilant';
import { settle } from '../support';
import { engine, messages, take } from './support';

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
