import type { TailEventsResponse } from '../../src/generated/vigilant-v1';
import { describe, expect, it } from 'vitest';
import { createRawClient } from '../support/raw-client';
import { serve } from '../support/serve';

const EVENTS = 30_000;
const TAIL = '/vigilant.v1.EventService/TailEvents';

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
    while ((await vigilant.status()).tails < 2) await new Promise((resolve) => setTimeout(resolve, 5));

    const before = process.memoryUsage().rss;
    const message = 'm'.repeat(1_000);
    for (let start = 0; start < EVENTS; start += 500) {
      await vigilant.logBatch(Array.from({ length: 500 }, () => ({ message })));
      // The other reader keeps up.
      while (seen < start - 1_000) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    while (seen < EVENTS) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen).toBe(EVENTS);

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
    while ((await vigilant.status()).tails > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await vigilant.status()).tails).toBe(0);
  }, 60_000);

  it('sends many events in each turn of the event loop', async () => {
    const { server, vigilant } = await serve();
    const reading = createRawClient(server.address).stream<TailEventsResponse>(TAIL, {});
    let seen = 0;
    reading.on('data', ({ event }: TailEventsResponse) => void (seen += event === undefined ? 0 : 1));
    reading.on('error', () => {});
    while ((await vigilant.status()).tails < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    // The tail is live once it receives an event.
    while (seen < 1) {
      await vigilant.log({ message: 'first' });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const before = seen;
    await vigilant.logBatch(Array.from({ length: 2_000 }, (_, index) => ({ message: `${index}` })));
    let turns = 0;
    for (; seen < before + 2_000; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    reading.cancel();
    expect(turns).toBeLessThan(500);
  }, 60_000);
});
