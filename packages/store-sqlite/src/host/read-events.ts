import type { CountQuery, EventLines, EventPage, EventQuery, StoredEvent } from '@vigilant/core';
import type { PackedPage } from '../store/store-protocol';
import type { RunningWorker } from '../thread/restarting-worker';
import { decodeEvents } from './decode-events';

/** Reads the event with an id through a thread. */
export async function getEvent(reader: RunningWorker, id: string): Promise<StoredEvent | undefined> {
  const found = await reader.call<{ chunks: ArrayBuffer[]; sequence: number } | undefined>('get', id);
  if (found === undefined) return undefined;
  const [event] = await decodeEvents(found.chunks, [found.sequence]);
  return event;
}

/** Reads a page of events through a thread. */
export async function queryEvents(
  reader: RunningWorker,
  { signal, ...request }: EventQuery,
): Promise<EventPage> {
  const { chunks, sequences, ...page } = await reader.call<PackedPage>('query', request, { signal });
  return { ...page, events: await decodeEvents(chunks, sequences) };
}

/** Reads a page of events as lines of JSON through a thread. */
export async function queryLines(
  reader: RunningWorker,
  { signal, ...request }: EventQuery,
): Promise<EventLines | undefined> {
  return reader.call<EventLines | undefined>('queryLines', request, { signal });
}

/** Counts events through a thread: `histogram` or `facets`. */
export async function countEvents<Query extends CountQuery, Result>(
  reader: RunningWorker,
  method: 'histogram' | 'facets',
  { signal, ...request }: Query,
): Promise<Result> {
  return reader.call<Result>(method, request, { signal });
}
