import type { EventLines, EventQuery, Store } from '@vigilant/core';
import { toEventJson, widenFilter } from '@vigilant/core/adapter';
import { positionOf } from '../../src/store/read';

/** Implements `queryLines` with the `query` of a store. */
export async function linesOf(store: Store, query: EventQuery): Promise<EventLines | undefined> {
  if (!widenFilter(query.filter).isExact) return undefined;
  const { events, ...page } = await store.query({ ...query, maxBytes: 2 ** 40 });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (const event of events) {
    const line = Buffer.from(`${JSON.stringify(toEventJson(event))}\n`);
    chunks.push(line);
    bytes += line.length;
    if (bytes >= query.maxBytes && event !== events.at(-1))
      return { ...page, chunks, count: chunks.length, next: positionOf(event) };
  }
  return { ...page, chunks, count: chunks.length };
}
