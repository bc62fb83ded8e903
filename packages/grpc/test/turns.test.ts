import type { QueryResult, StoredEvent, Vigilant } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { DataFormat } from '../src/generated/vigilant-v1';
import { PAGE_BYTES, answerQuery } from '../src/server/query';

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

describe('answerQuery', () => {
  it('lets other work run while it encodes a page', async () => {
    let isAnswered = false;
    const request = { pageSize: 1_000, dataFormat: DataFormat.DATA_FORMAT_JSON };
    const call = { signal: new AbortController().signal, remainingMs: () => Infinity };
    const answer = answerQuery(vigilant, request, call).finally(() => (isAnswered = true));
    let turns = 0;
    for (; !isAnswered; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    const { events = [] } = await answer;
    const bytes = events.reduce((sum, event) => sum + event.length, 0);
    expect(bytes).toBeGreaterThan(PAGE_BYTES - 20_000);
    // It encodes the page twice: the first time to see how much fits.
    expect(turns).toBeGreaterThan(40);
  });
});
