import type { Clock, EventInput, StoredEvent, Vigilant } from '@vigilant/core';
import { createVigilant, systemClock } from '@vigilant/core';
import { createIdGenerator } from '@vigilant/core/adapter';
import { expect, it } from 'vitest';
import { sqlite } from '../src';
import { createFolder } from './support/folder';

const START = Date.UTC(2026, 0, 1);
const YEAR_MS = 365 * 86_400_000;
/** The wall time of each batch: it steps forward and back. */
const TIMES = [0, 3_600_000, -5_000, YEAR_MS, -YEAR_MS, 1].map((distance) => START + distance);
/** Enough that a batch becomes a block at once. */
const BATCH = 1_200;

async function readAll(vigilant: Vigilant, order: 'arrival' | 'oldest'): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await vigilant.query({}, { order, limit: 1_000, cursor });
    events.push(...page.events);
    if (page.nextCursor === undefined) return events;
    cursor = page.nextCursor;
  }
}

it('stores each event once and in order while the system clock jumps', async () => {
  const folder = createFolder();
  let wall = START;
  const clock: Clock = { ...systemClock, now: () => wall };
  const newId = createIdGenerator(clock.now);
  const vigilant = createVigilant({ ...sqlite(folder.path), clock });
  await vigilant.open();
  const sent: EventInput[] = [];
  for (const [round, time] of TIMES.entries()) {
    wall = time;
    const batch = Array.from({ length: BATCH }, (_, index) => ({
      id: newId(),
      message: `event ${round}-${index}`,
    }));
    sent.push(...batch);
    await vigilant.logBatch(batch);
    await vigilant.flush({ timeoutMs: 30_000 });
  }
  // Sent again at the last time, which is far from the times in most of the ids.
  await vigilant.logBatch(sent);
  await vigilant.flush({ timeoutMs: 30_000 });
  const { scheduler } = await vigilant.status();
  expect(scheduler).toMatchObject({ stored: sent.length, duplicates: sent.length, deadLetters: 0 });
  // A query by time leaves out events of the future.
  wall = START + 2 * YEAR_MS;
  const arrived = await readAll(vigilant, 'arrival');
  expect(arrived.map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
  const byTime = [...arrived].sort((a, b) => a.timestamp - b.timestamp || a.sequence - b.sequence);
  expect((await readAll(vigilant, 'oldest')).map(({ id }) => id)).toEqual(byTime.map(({ id }) => id));
  await vigilant.close();
  folder.remove();
}, 60_000);
