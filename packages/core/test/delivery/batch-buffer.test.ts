import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/contracts/broker';
import { createBatchBuffer } from '../../src/delivery/batch-buffer';
import type { Event } from '../../src/event/event';
import { events } from '../support';

const bounds = { intervalMs: 1_000, maxEvents: 10, maxBytes: 1_000_000 };

function delivery(batch: readonly Event[], extra: Partial<Delivery> = {}): Delivery {
  return {
    events: batch,
    malformed: [],
    flush: false,
    signal: new AbortController().signal,
    ack: async () => {},
    ...extra,
  };
}

describe('the batch buffer', () => {
  it('is due when the oldest event has waited the interval, a lone one too', () => {
    const buffer = createBatchBuffer(bounds);
    expect(buffer.dueInMs(0)).toBeUndefined();
    buffer.add(delivery(events(1)), 0);
    buffer.add(delivery(events(1)), 900);
    expect(buffer.dueInMs(900)).toBe(100);
    expect(buffer.dueInMs(1_000)).toBe(0);
  });

  it('is due at once by count, by bytes and at a flush', () => {
    const byCount = createBatchBuffer(bounds);
    byCount.add(delivery(events(10)), 0);
    expect(byCount.dueInMs(0)).toBe(0);
    const byBytes = createBatchBuffer({ ...bounds, maxBytes: 100 });
    byBytes.add(delivery(events(1)), 0);
    expect(byBytes.dueInMs(0)).toBe(0);
    const byFlush = createBatchBuffer(bounds);
    byFlush.add(delivery(events(1)), 0);
    byFlush.add(delivery([], { flush: true }), 0);
    expect(byFlush.dueInMs(0)).toBe(0);
    expect(byFlush.take().finished).toHaveLength(2);
  });

  it('does not hurry what came after a flush', () => {
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

  it('drops what was taken over by somebody else', () => {
    const buffer = createBatchBuffer(bounds);
    const lost = new AbortController();
    buffer.add(delivery(events(5), { signal: lost.signal }), 0);
    buffer.add(delivery(events(2)), 0);
    lost.abort();
    expect(buffer.take().events).toHaveLength(2);
    expect([buffer.events, buffer.bytes]).toEqual([0, 0]);
  });
});
