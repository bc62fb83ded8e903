import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatchBuffer, maxHeldBytes, occupiedBytes } from '../../src/delivery/batch-buffer';
import { encodedSize } from '../../src/event/codec';
import { encodeAll } from '../../src/event/encoded-events';
import type { Event } from '../../src/event/event';
import { delivery, event, events } from '../support';

const bounds = { intervalMs: 1_000, maxEvents: 10, maxBytes: 1_000_000 };

describe('BatchBuffer', () => {
  it('is due when the oldest event has waited for the interval, even if it is the only one', () => {
    const buffer = createBatchBuffer(bounds);
    expect(buffer.dueInMs(0)).toBeUndefined();
    buffer.add(delivery(events(1)), 0);
    buffer.add(delivery(events(1)), 900);
    expect(buffer.dueInMs(900)).toBe(100);
    expect(buffer.dueInMs(1_000)).toBe(0);
  });

  it('returns the earliest receipt of the waiting events, including those of a partly taken delivery', () => {
    const buffer = createBatchBuffer({ ...bounds, maxEvents: 2 });
    expect(buffer.oldestReceivedAt()).toBeUndefined();
    buffer.add(delivery([10, 20, 40].map((receivedAt) => event({ receivedAt }))), 0);
    buffer.add(delivery([event({ receivedAt: 30 })]), 0);
    expect(buffer.oldestReceivedAt()).toBe(10);
    buffer.take();
    expect(buffer.oldestReceivedAt()).toBe(30);
    buffer.take();
    expect(buffer.oldestReceivedAt()).toBeUndefined();
  });

  it('is due at once by count, by bytes and at a flush', () => {
    const byCount = createBatchBuffer(bounds);
    byCount.add(delivery(events(10)), 0);
    expect(byCount.dueInMs(0)).toBe(0);
    const byBytes = createBatchBuffer({ ...bounds, maxBytes: 50 });
    byBytes.add(delivery(events(1)), 0);
    expect(byBytes.dueInMs(0)).toBe(0);
    const byFlush = createBatchBuffer(bounds);
    byFlush.add(delivery(events(1)), 0);
    byFlush.add(delivery([], { flush: true }), 0);
    expect(byFlush.dueInMs(0)).toBe(0);
    expect(byFlush.take().finished).toHaveLength(2);
  });

  it('is due at once when the only delivery has its flush set', () => {
    const buffer = createBatchBuffer(bounds);
    buffer.add(delivery(events(1), { flush: true }), 0);
    expect(buffer.dueInMs(0)).toBe(0);
  });

  it('does not flush events that follow a flush', () => {
    const buffer = createBatchBuffer({ ...bounds, maxEvents: 3 });
    buffer.add(delivery(events(3), { flush: true }), 0);
    buffer.add(delivery(events(1)), 0);
    expect(buffer.take().events).toHaveLength(3);
    expect(buffer.dueInMs(0)).toBe(1_000);
  });

  it('splits a delivery over batches and finishes it with its last event', () => {
    const buffer = createBatchBuffer(bounds);
    const large = delivery(events(25));
    buffer.add(large, 0);
    const batches = [buffer.take(), buffer.take(), buffer.take()];
    expect(batches.map((batch) => batch.events.length)).toEqual([10, 10, 5]);
    expect(batches.map((batch) => batch.finished)).toEqual([[], [], [large]]);
    expect(batches.flatMap((batch) => batch.events)).toEqual(large.events);
    expect([buffer.events, buffer.bytes]).toEqual([0, 0]);
  });

  it('drops events that another consumer has taken over', () => {
    const buffer = createBatchBuffer(bounds);
    const lost = new AbortController();
    buffer.add(delivery(events(5), { signal: lost.signal }), 0);
    buffer.add(delivery(events(2)), 0);
    lost.abort();
    expect(buffer.take().events).toHaveLength(2);
    expect([buffer.events, buffer.bytes]).toEqual([0, 0]);
  });

  it('drops malformed records that another consumer has taken over', () => {
    const buffer = createBatchBuffer(bounds);
    const malformed = [{ bytes: new Uint8Array(5), position: 'p/1', reason: 'odd' }];
    buffer.add(delivery(events(3), { malformed, signal: AbortSignal.abort() }), 0);
    expect(buffer.take()).toMatchObject({ events: [], bytes: 0 });
    expect([buffer.events, buffer.bytes]).toEqual([0, 0]);
  });

  it('keeps every event and its order over thousands of deliveries', () => {
    const buffer = createBatchBuffer({ ...bounds, maxEvents: 700 });
    const all = events(6_000);
    const taken: Event[] = [];
    for (let start = 0; start < all.length; start += 1_000) {
      for (const each of all.slice(start, start + 1_000)) buffer.add(delivery([each]), 0);
      taken.push(...buffer.take().events);
      if (start === 3_000) while (buffer.events > 0) taken.push(...buffer.take().events);
    }
    while (buffer.dueInMs(0) !== undefined) taken.push(...buffer.take().events);
    expect(taken.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect([buffer.events, buffer.bytes]).toEqual([0, 0]);
  });

  it('fills a batch to exactly maxEvents', () => {
    const buffer = createBatchBuffer(bounds);
    const [full, next] = [delivery(events(10)), delivery(events(1))];
    buffer.add(full, 0);
    buffer.add(next, 0);
    const batch = buffer.take();
    expect(batch.events).toEqual(full.events);
    expect(batch.finished).toEqual([full]);
    expect(buffer.events).toBe(1);
    expect(buffer.dueInMs(0)).toBe(1_000);
  });

  it('ends a batch with the event that reaches maxBytes', () => {
    const sizes = [event(), event(), event()];
    const two = encodedSize(sizes[0] as never) + encodedSize(sizes[1] as never);
    const exact = createBatchBuffer({ ...bounds, maxBytes: two });
    exact.add(delivery(sizes), 0);
    expect(exact.dueInMs(0)).toBe(0);
    expect(exact.take()).toMatchObject({ events: sizes.slice(0, 2), bytes: two });
    const just = createBatchBuffer({ ...bounds, maxBytes: two });
    just.add(delivery(sizes.slice(0, 2)), 0);
    expect(just.dueInMs(0)).toBe(0);
    const above = createBatchBuffer({ ...bounds, maxBytes: two + 1 });
    above.add(delivery(sizes.slice(0, 2)), 0);
    expect(above.dueInMs(0)).toBe(1_000);
  });

  it('counts malformed records as events, and their bytes', () => {
    const malformed = [1, 2, 3].map((n) => ({
      bytes: new Uint8Array(400_000),
      position: `p/${n}`,
      reason: 'odd',
    }));
    const buffer = createBatchBuffer(bounds);
    buffer.add(delivery([], { malformed: malformed.slice(0, 1) }), 0);
    expect([buffer.events, buffer.bytes, buffer.dueInMs(0)]).toEqual([1, 400_000, 1_000]);
    buffer.add(delivery([], { malformed: malformed.slice(1) }), 0);
    buffer.add(delivery([], { malformed }), 0);
    expect(buffer.dueInMs(0)).toBe(0);
    expect(buffer.take()).toMatchObject({ bytes: 1_200_000, finished: [{}, {}] });
    expect(buffer.take().finished).toHaveLength(1);
    expect([buffer.events, buffer.bytes]).toEqual([0, 0]);
  });
});

describe('BatchBuffer with encoded events', () => {
  const encoded = (batch: readonly Event[], fields = {}) =>
    delivery([], { encoded: encodeAll(batch), ...fields });

  it('counts them without decoding, and splits a delivery at each limit', () => {
    const all = events(7);
    const size = encodedSize(all[0] as Event);
    const buffer = createBatchBuffer({ ...bounds, maxEvents: 3 });
    buffer.add(encoded(all.slice(0, 5)), 0);
    buffer.add(encoded(all.slice(5)), 0);
    expect([buffer.events, buffer.objects, buffer.bytes]).toEqual([7, 0, 7 * size]);
    const batches = [buffer.take(), buffer.take(), buffer.take()];
    expect(batches.flatMap((batch) => batch.encoded?.decode())).toEqual(all);
    expect(batches.map(({ finished }) => finished.length)).toEqual([0, 1, 1]);
    expect(batches.map(({ bytes }) => bytes)).toEqual([3 * size, 3 * size, size]);
    expect([buffer.events, buffer.bytes]).toEqual([0, 0]);
    const byBytes = createBatchBuffer({ ...bounds, maxBytes: size + 1 });
    byBytes.add(encoded(all), 0);
    expect(byBytes.take().encoded?.count).toBe(2);
  });

  it('returns the earliest receipt of those that wait, and forgets those of an aborted delivery', () => {
    const buffer = createBatchBuffer({ ...bounds, maxEvents: 1 });
    const ending = new AbortController();
    buffer.add(
      encoded(
        [10, 20].map((receivedAt) => event({ receivedAt })),
        { signal: ending.signal },
      ),
      0,
    );
    buffer.add(encoded([event({ receivedAt: 30 })]), 0);
    expect(buffer.oldestReceivedAt()).toBe(10);
    buffer.take();
    expect(buffer.oldestReceivedAt()).toBe(20);
    ending.abort();
    expect(buffer.oldestReceivedAt()).toBe(30);
    expect(buffer.take().finished).toHaveLength(2);
    expect([buffer.events, buffer.bytes]).toEqual([0, 0]);
  });
});

describe('maxHeldBytes', () => {
  it('leaves room for two full batches, and for at least 32 MiB', () => {
    expect(maxHeldBytes({ intervalMs: 1, maxEvents: 1, maxBytes: 1 })).toBe(32 * 1024 * 1024);
    const large = { intervalMs: 1, maxEvents: 100_000, maxBytes: 256 * 1024 * 1024 };
    expect(maxHeldBytes(large)).toBe(2 * (large.maxBytes + large.maxEvents * 1_024));
  });

  it('is reached only when a batch is due, for any bounds', () => {
    const upTo = (most: number): fc.Arbitrary<number> => fc.oneof(fc.nat(most), fc.constant(most));
    fc.assert(
      fc.property(
        upTo(99_999),
        upTo(256 * 1024 * 1024 - 1),
        upTo(1_000_000),
        upTo(1024 * 1024 * 1024),
        (maxEvents, maxBytes, eventCount, bytes) => {
          const tight = { intervalMs: 1, maxEvents: maxEvents + 1, maxBytes: maxBytes + 1 };
          const isFull = occupiedBytes({ objects: eventCount, bytes }) >= maxHeldBytes(tight);
          const isDue = eventCount >= tight.maxEvents || bytes >= tight.maxBytes;
          expect(isDue || !isFull).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
