import { describe, expect, it } from 'vitest';
import { encodedSize } from '../../src/event/codec';
import { createReaderQueue } from '../../src/tail/reader-queue';
import type { TailItem } from '../../src/contracts/vigilant';
import { event, settle } from '../support';

const EVENT_BYTES = encodedSize(event({ id: 'same-size-1' }));

function eventItem(n: number): TailItem {
  return { type: 'event', event: event({ id: `same-size-${n}` }), cursor: `cursor-${n}` };
}

function checkpoint(cursor: string): TailItem {
  return { type: 'checkpoint', cursor };
}

function slowGap(missed: number, cursor: string): TailItem {
  return { type: 'gap', reason: 'slow', missed, cursor };
}

/** Reads the items that a queue returns without waiting. */
async function readAll(queue: ReturnType<typeof createReaderQueue>): Promise<TailItem[]> {
  const items: TailItem[] = [];
  for (;;) {
    const item = await Promise.race([queue.next(), settle(2).then(() => undefined)]);
    if (item === undefined) return items;
    items.push(item);
  }
}

describe('ReaderQueue', () => {
  it('keeps events up to exactly its bound', async () => {
    const items = [1, 2, 3].map(eventItem);
    const queue = createReaderQueue(3 * EVENT_BYTES);
    for (const item of items) queue.push(item);
    expect(await readAll(queue)).toEqual(items);
  });

  it('counts events beyond its bound as a gap', async () => {
    const queue = createReaderQueue(3 * EVENT_BYTES - 1);
    const items = [1, 2, 3, 4].map(eventItem);
    for (const item of items) queue.push(item);
    expect(await readAll(queue)).toEqual([items[0], items[1], slowGap(2, 'cursor-4')]);
  });

  it('accepts an event that is larger than its bound while it is empty', async () => {
    const queue = createReaderQueue(1);
    const large = eventItem(1);
    queue.push(large);
    queue.push(eventItem(2));
    expect(await readAll(queue)).toEqual([large, slowGap(1, 'cursor-2')]);
  });

  it('has its full capacity again once its events are read', async () => {
    const queue = createReaderQueue(2 * EVENT_BYTES);
    for (let n = 0; n < 20; n += 1) {
      const item = eventItem(n % 10);
      queue.push(item);
      expect(await queue.next()).toBe(item);
    }
  });

  it('puts a gap where the missing events would have been', async () => {
    const queue = createReaderQueue(EVENT_BYTES);
    const [first, later, last] = [eventItem(1), eventItem(4), eventItem(5)];
    for (const item of [first, eventItem(2), eventItem(3)]) queue.push(item);
    expect(await queue.next()).toBe(first);
    queue.push(later);
    expect([await queue.next(), await queue.next()]).toEqual([slowGap(2, 'cursor-3'), later]);
    queue.push(last);
    expect(await readAll(queue)).toEqual([last]);
  });

  it('reports consecutive missing events as one gap, even if an event is read in between', async () => {
    const queue = createReaderQueue(2 * EVENT_BYTES);
    const [first, second] = [eventItem(1), eventItem(2)];
    for (const item of [first, second, eventItem(3)]) queue.push(item);
    expect(await queue.next()).toBe(first);
    const large = event({ id: 'large', message: 'x'.repeat(EVENT_BYTES) });
    queue.push({ type: 'event', event: large, cursor: 'large' });
    expect(await readAll(queue)).toEqual([second, slowGap(2, 'large')]);
  });

  it('puts a gap before the gap of another reason', async () => {
    const queue = createReaderQueue(EVENT_BYTES);
    const [first, epoch] = [eventItem(1), { type: 'gap', reason: 'epoch', cursor: 'new' } as const];
    for (const item of [first, eventItem(2), epoch]) queue.push(item);
    expect(await readAll(queue)).toEqual([first, slowGap(1, 'cursor-2'), epoch]);
  });

  it('moves the cursor of a gap to a checkpoint that follows the missing events', async () => {
    const queue = createReaderQueue(EVENT_BYTES);
    const first = eventItem(1);
    for (const item of [first, eventItem(2), checkpoint('checkpoint')]) queue.push(item);
    expect(await readAll(queue)).toEqual([first, slowGap(1, 'checkpoint')]);
  });

  it('keeps only the latest of checkpoints that follow one another', async () => {
    const queue = createReaderQueue(1_000);
    const first = eventItem(1);
    for (const item of [checkpoint('a'), checkpoint('b'), first, checkpoint('c'), checkpoint('d')])
      queue.push(item);
    expect(await readAll(queue)).toEqual([checkpoint('b'), first, checkpoint('d')]);
    queue.push(checkpoint('e'));
    expect(await readAll(queue)).toEqual([checkpoint('e')]);
  });

  it.each([
    ['an event', eventItem(1)],
    ['a checkpoint', checkpoint('a')],
    ['a gap', slowGap(1, 'a')],
  ])('wakes a waiting reader with %s', async (_, item) => {
    const queue = createReaderQueue(1_000);
    const next = queue.next();
    await settle();
    queue.push(item);
    expect(await next).toBe(item);
  });

  it('keeps the order of thousands of items while they are read', async () => {
    const queue = createReaderQueue(Infinity);
    const read: TailItem[] = [];
    const pushed: TailItem[] = [];
    for (let n = 0; n < 1_500; n += 1) {
      for (const item of [slowGap(n, 'x'), slowGap(n, 'y'), slowGap(n, 'z')]) {
        pushed.push(item);
        queue.push(item);
      }
      for (let count = 0; count < 2; count += 1) read.push((await queue.next()) as TailItem);
    }
    expect([...read, ...(await readAll(queue))]).toEqual(pushed);
  });

  it('ends at once, dropping waiting items and waking a waiting reader', async () => {
    const full = createReaderQueue(1_000);
    full.push(eventItem(1));
    full.end();
    full.push(eventItem(2));
    const empty = createReaderQueue(1_000);
    const next = empty.next();
    await settle();
    empty.end();
    expect([await full.next(), await next]).toEqual([undefined, undefined]);
  });

  it('puts the gap before any checkpoint that lies after the missed events', async () => {
    const queue = createReaderQueue(EVENT_BYTES);
    queue.push(eventItem(1));
    queue.push(checkpoint('cursor-1'));
    queue.push(eventItem(2));
    queue.push(checkpoint('cursor-2'));
    expect(await readAll(queue)).toEqual(
      [eventItem(1), checkpoint('cursor-1'), slowGap(1, 'cursor-2')].map(
        (item) => expect.objectContaining({ type: item.type, cursor: item.cursor }) as TailItem,
      ),
    );
  });
});
