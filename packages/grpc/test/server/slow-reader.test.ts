import type { TailEventsResponse } from '../../src/generated/vigilant-v1';
import { expect, it } from 'vitest';
import { createRawClient } from '../support/raw-client';
import { serve } from '../support/serve';

const EVENTS = 30_000;
const TAIL = '/vigilant.v1.EventService/TailEvents';

it('bounds what waits for a reader that stopped, counts what that one misses, and shows another everything', async () => {
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
    // The one that reads keeps up.
    while (seen < start - 1_000) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  while (seen < EVENTS) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(seen).toBe(EVENTS);

  // Now the other one reads again: what it got and what it is told to have missed is everything.
  let got = 0;
  let missed = 0;
  for await (const { event, gap } of stalled as AsyncIterable<TailEventsResponse>) {
    if (event !== undefined) got += 1;
    if (gap !== undefined) missed += Number(gap.missed ?? 0);
    if (got + missed >= EVENTS) break;
  }
  expect(got + missed).toBe(EVENTS);
  expect(missed).toBeGreaterThan(0);
  // The events themselves are in the memory store; on top of them little.
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
  reading.cancel();
}, 60_000);

it('forgets a tail when its reader goes away, however it goes', async () => {
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

it('is sent many events in each turn of the event loop', async () => {
  const { server, vigilant } = await serve();
  const reading = createRawClient(server.address).stream<TailEventsResponse>(TAIL, {});
  let seen = 0;
  reading.on('data', ({ event }: TailEventsResponse) => void (seen += event === undefined ? 0 : 1));
  reading.on('error', () => {});
  while ((await vigilant.status()).tails < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  // Until it is live.
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
