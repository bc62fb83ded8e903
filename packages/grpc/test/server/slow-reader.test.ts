import type { TailEventsResponse } from '../../src/generated/vigilant-v1';
import { describe, expect, it, vi } from 'vitest';
import { createRawClient } from '../support/raw-client';
import { serve } from '../support/serve';

const EVENTS = 30_000;
const TAIL = '/vigilant.v1.EventService/TailEvents';
const POLL = { timeout: 30_000, interval: 2 };

describe('TailEvents', () => {
  it('bounds the queue of a stalled reader, counts the events it misses, and sends all to another reader', async () => {
    const { server, vigilant } = await serve();
    const stalled = createRawClient(server.address).stream<TailEventsResponse>(TAIL, {});
    const reading = createRawClient(server.address).stream<TailEventsResponse>(TAIL, {});
    let seen = 0;
    reading.on('data', ({ event }: TailEventsResponse) => void (seen += event === undefined ? 0 : 1));
    reading.on('error', () => {});
    stalled.on('error', () => {});
    await new Promise((resolve) => stalled.once('readable', resolve));
    await expect.poll(async () => (await vigilant.status()).tails, POLL).toBe(2);

    const before = process.memoryUsage().rss;
    const message = 'm'.repeat(1_000);
    for (let start = 0; start < EVENTS; start += 500) {
      await vigilant.logBatch(Array.from({ length: 500 }, () => ({ message })));
      // The other reader keeps up.
      await vi.waitUntil(() => seen >= start - 1_000, POLL);
    }
    await expect.poll(() => seen, POLL).toBe(EVENTS);

    // The stalled reader continues: the events it receives and those counted as missed are all events.
    let received = 0;
    let missed = 0;
    for await (const { event, gap } of stalled as AsyncIterable<TailEventsResponse>) {
      if (event !== undefined) received += 1;
      if (gap !== undefined) missed += Number(gap.missed ?? 0);
      if (received + missed >= EVENTS) break;
    }
    expect(received + missed).toBe(EVENTS);
    expect(missed).toBeGreaterThan(0);
    // The memory store holds the events; little else is added.
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
    reading.cancel();
  }, 60_000);

  it('ends a tail when its client cancels the stream', async () => {
    const { server, vigilant } = await serve();
    for (let round = 0; round < 20; round += 1) {
      const client = createRawClient(server.address);
      const streams = Array.from({ length: 10 }, () => client.stream<TailEventsResponse>(TAIL, {}));
      for (const stream of streams) {
        stream.on('error', () => {});
        await new Promise((resolve) => stream.once('data', resolve));
        stream.cancel();
      }
    }
    await expect.poll(async () => (await vigilant.status()).tails, POLL).toBe(0);
  }, 60_000);

  it('sends many events in each turn of the event loop', async () => {
    const { server, vigilant } = await serve();
    const reading = createRawClient(server.address).stream<TailEventsResponse>(TAIL, {});
    let seen = 0;
    reading.on('data', ({ event }: TailEventsResponse) => void (seen += event === undefined ? 0 : 1));
    reading.on('error', () => {});
    await expect.poll(async () => (await vigilant.status()).tails, POLL).toBe(1);
    // The tail is live once it receives an event.
    await vi.waitUntil(async () => {
      await vigilant.log({ message: 'first' });
      return seen > 0;
    }, POLL);
    const before = seen;
    await vigilant.logBatch(Array.from({ length: 2_000 }, (_, index) => ({ message: `${index}` })));
    let turns = 0;
    for (; seen < before + 2_000; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    reading.cancel();
    expect(turns).toBeLessThan(500);
  }, 60_000);
});
