import type { QueryResult, StoredEvent, Vigilant } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import type { CallOptions, Connection } from '../src/client/connection';
import { query } from '../src/client/query';
import { DataFormat } from '../src/generated/vigilant-v1';
import { PAGE_BYTES, queryEvents } from '../src/server/query';
import { toEventMessage } from '../src/wire/event';
import { codecOf } from '../src/wire/schema';

const EVENT: StoredEvent = {
  id: 'a',
  message: 'm'.repeat(10_000),
  level: 'INFO',
  severity: 0,
  timestamp: 0,
  receivedAt: 0,
  origin: '',
  source: '',
  type: 'log',
  group: 'default',
  tags: [],
  data: {},
  sequence: 1,
};

/** An engine that finds more events than fit into a page, without delay. */
const vigilant = {
  async query(_filter: string, { limit }: { limit: number }): Promise<QueryResult> {
    return {
      events: Array.from({ length: limit }, () => EVENT),
      tailCursor: '',
      complete: true,
      beyond: 0,
      freshness: { complete: true },
    };
  },
} as unknown as Vigilant;

/** Counts the turns of the event loop that pass while something runs. */
async function countTurns<T>(work: Promise<T>): Promise<{ readonly result: T; readonly turns: number }> {
  let isOver = false;
  const running = work.finally(() => (isOver = true));
  let turns = 0;
  for (; !isOver; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  return { result: await running, turns };
}

describe('queryEvents', () => {
  it('yields to the event loop while it encodes a page', async () => {
    const request = { pageSize: 1_000, dataFormat: DataFormat.DATA_FORMAT_JSON };
    const call = { signal: new AbortController().signal, remainingMs: () => Infinity };
    const { result, turns } = await countTurns(queryEvents(vigilant, request, call));
    const { events = [] } = result;
    const bytes = events.reduce((sum, event) => sum + event.length, 0);
    expect(bytes).toBeGreaterThan(PAGE_BYTES - 20_000);
    // It encodes the page twice: the first time to see how much fits.
    expect(turns).toBeGreaterThan(40);
  });
});

describe('query', () => {
  it('yields to the event loop while it decodes a page', async () => {
    const events = Array.from({ length: 300 }, () => toEventMessage(EVENT, 'json'));
    const bytes = codecOf<object>('vigilant.v1.QueryEventsResponse').encode({ events });
    const connection = {
      call: async (_method: string, _request: object, { responseCodec }: CallOptions<object, object>) =>
        responseCodec?.decode(bytes),
    } as unknown as Connection;
    const { result, turns } = await countTurns(query(connection, '', {}));
    expect(result.events).toHaveLength(300);
    expect(result.events[299]).toEqual(EVENT);
    expect(turns).toBeGreaterThan(20);
  });
});
