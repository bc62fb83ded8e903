import type { Clock, Filter, HistogramQuery } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { facets, histogram } from '../../src/store/counts';
import { createBlockStore } from '../support/block-store';
import { sampleEvents } from '../support/sample-events';

const RUNNING = { isCancelled: () => false };
const TEXT: Filter = { kind: 'contains', text: 'event' };
const EVENTS = 160;
const BLOCK_EVENTS = 16;
/** Time between two readings of the clock, in milliseconds. It is longer than a turn, so each turn counts one block. */
const READING_MS = 10;

const QUERY: HistogramQuery = {
  filter: TEXT,
  from: 0,
  until: Number.MAX_SAFE_INTEGER,
  bucketMicros: Number.MAX_SAFE_INTEGER,
  by: { name: 'level' },
  limit: 10,
};

/** Creates a clock on which each reading is later than the one before. */
function createSteppingClock(): Clock {
  let readings = 0;
  return {
    now: () => 0,
    monotonic: () => readings++ * READING_MS,
    after: () => ({ cancel: () => {} }),
  };
}

/** Creates a store of ten blocks. */
function createStore() {
  const store = createBlockStore();
  const events = sampleEvents(EVENTS);
  for (let start = 0; start < EVENTS; start += BLOCK_EVENTS)
    store.append(events.slice(start, start + BLOCK_EVENTS));
  return store;
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

describe('histogram', () => {
  it('returns the counts of the first blocks when the deadline passes, and says that they are not exact', async () => {
    const { connection } = createStore();
    const first = await histogram(connection, { ...QUERY, deadlineMs: 100 }, RUNNING, createSteppingClock());
    expect(first).toMatchObject({ complete: false, exact: false });
    const counted = sumOf(first.buckets.flatMap(({ counts }) => Object.values(counts)));
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThan(EVENTS);
    expect(counted % BLOCK_EVENTS).toBe(0);
    expect(first.statistics?.elapsedMs).toBeLessThan(100 + 4 * READING_MS);
  });

  it('counts nothing once it is cancelled', async () => {
    const { connection } = createStore();
    const cancelled = { isCancelled: () => true };
    const counted = await histogram(connection, QUERY, cancelled, createSteppingClock());
    expect(counted).toMatchObject({ complete: false, buckets: [], statistics: { scanned: 0 } });
  });

  it('counts every event before a later deadline', async () => {
    const { connection } = createStore();
    const all = await histogram(connection, { ...QUERY, deadlineMs: 60_000 }, RUNNING, createSteppingClock());
    expect(all).toMatchObject({ complete: true, exact: true });
    expect(sumOf(all.buckets.flatMap(({ counts }) => Object.values(counts)))).toBe(EVENTS);
  });
});

describe('facets', () => {
  it('returns the counts of the first blocks when the deadline passes, and says that they are not exact', async () => {
    const { connection } = createStore();
    const query = { filter: TEXT, fields: [{ name: 'level' }], limit: 10, deadlineMs: 100 } as const;
    const first = await facets(connection, query, RUNNING, createSteppingClock());
    expect(first).toMatchObject({ complete: false, facets: [{ exact: false }] });
    expect(sumOf(first.facets.flatMap(({ values }) => values.map(({ count }) => count)))).toBeLessThan(
      EVENTS,
    );
  });
});
