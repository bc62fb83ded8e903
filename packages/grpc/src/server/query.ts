import type { EventOrder, QueryOptions, QueryResult, Vigilant } from '@vigilant/core';
import type { Event as EventMessage, QueryEventsRequest } from '../generated/vigilant-v1';
import { Order } from '../generated/vigilant-v1';
import { Turns } from '../wire/work-slicer';
import type { DataFormat } from '../wire/event';
import { toEventMessage } from '../wire/event';
import type { RawQueryEventsResponse } from '../wire/encoded-events';
import { codecOf } from '../wire/schema';
import type { Call } from './call';
import { invalidField, toDataFormat, toPageSize } from './request-fields';

/** A page is cut here, so that clients with the usual limit of 4 MiB can read it. */
export const PAGE_BYTES = 3 * 1024 * 1024;

const MAX_PAGE_SIZE = 10_000;

/** As in core. */
const MAX_DEADLINE_MS = 10_000;

/** How much of the client's time the search may take; the rest is for the answer. */
const SEARCH_SHARE = 0.8;

const ORDERS: ReadonlyMap<number, EventOrder> = new Map([
  [Order.ORDER_UNSPECIFIED, 'newest'],
  [Order.ORDER_NEWEST, 'newest'],
  [Order.ORDER_OLDEST, 'oldest'],
  [Order.ORDER_ARRIVAL, 'arrival'],
]);

/** Answers `QueryEvents`. */
export async function answerQuery(
  vigilant: Vigilant,
  request: QueryEventsRequest,
  call: Call,
): Promise<RawQueryEventsResponse> {
  const format = toDataFormat(request.dataFormat);
  const options = toQueryOptions(request, call);
  let result = await vigilant.query(request.filter ?? '', options);
  let events = await encodeEvents(result, format);
  // As a Struct data can be several times its size as JSON, which core measures. Then the page is asked for again,
  // shorter: only core can say where it ends.
  while (events.length < result.events.length) {
    result = await vigilant.query(request.filter ?? '', { ...options, limit: events.length });
    events = await encodeEvents(result, format);
  }
  const { nextCursor, tailCursor, complete, beyond, freshness } = result;
  return {
    events,
    ...(nextCursor === undefined ? {} : { nextPageToken: nextCursor }),
    tailCursor,
    complete,
    freshness,
    ...(beyond === undefined ? {} : { beyond }),
  };
}

/** Encodes events up to the maximum bytes of a page, at least one. */
async function encodeEvents({ events }: QueryResult, format: DataFormat): Promise<readonly Uint8Array[]> {
  const turns = new Turns();
  const codec = codecOf<EventMessage>('vigilant.v1.Event');
  const encoded: Uint8Array[] = [];
  let bytes = 0;
  for (const event of events) {
    const one = codec.encode(toEventMessage(event, format));
    bytes += one.length;
    if (bytes > PAGE_BYTES && encoded.length > 0) break;
    encoded.push(one);
    await turns.spend(one.length);
  }
  return encoded;
}

function toQueryOptions(request: QueryEventsRequest, { signal, remainingMs }: Call): QueryOptions {
  const { since = '', until = '', pageToken = '', pageSize } = request;
  const order = ORDERS.get(request.order ?? Order.ORDER_UNSPECIFIED);
  if (order === undefined)
    throw invalidField('order', 'unknown_value', `${request.order} is not a valid order`);
  return {
    order,
    limit: toPageSize(pageSize, MAX_PAGE_SIZE),
    maxBytes: PAGE_BYTES,
    deadlineMs: Math.max(1, Math.floor(Math.min(MAX_DEADLINE_MS, remainingMs() * SEARCH_SHARE))),
    signal,
    ...(since === '' ? {} : { since }),
    ...(until === '' ? {} : { until }),
    ...(pageToken === '' ? {} : { cursor: pageToken }),
  };
}
