import type { EventOrder, QueryOptions, QueryResult, Vigilant } from '@vigilant/core';
import { createWorkSlicer } from '@vigilant/core/adapter';
import type { Event as EventMessage, QueryEventsRequest } from '../generated/vigilant-v1';
import { Order } from '../generated/vigilant-v1';
import type { DataFormat } from '../wire/event';
import { toEventMessage } from '../wire/event';
import type { EncodedQueryEventsResponse } from '../wire/encoded-events';
import { codecOf } from '../wire/schema';
import type { Call } from './call';
import { invalidField } from '../wire/invalid-field';
import { toDataFormat, toPageSize } from './request-fields';
import { toSearchMs } from './time-limits';

/** Maximum bytes of a page, so that clients with the usual limit of 4 MiB can read it. */
export const PAGE_BYTES = 3 * 1024 * 1024;

const MAX_PAGE_SIZE = 10_000;

const ORDERS: ReadonlyMap<number, EventOrder> = new Map([
  [Order.ORDER_UNSPECIFIED, 'newest'],
  [Order.ORDER_NEWEST, 'newest'],
  [Order.ORDER_OLDEST, 'oldest'],
  [Order.ORDER_ARRIVAL, 'arrival'],
]);

/** Handles `QueryEvents`. */
export async function queryEvents(
  vigilant: Vigilant,
  request: QueryEventsRequest,
  call: Call,
): Promise<EncodedQueryEventsResponse> {
  const { filter = '' } = request;
  const format = toDataFormat(request.dataFormat);
  const options = toQueryOptions(request, call);
  let result = await vigilant.query(filter, options);
  let events = await encodeEvents(result, format);
  // Data as a Struct can be several times as large as its JSON, which core measures. Only core can say where a shorter
  // page ends, so it is queried again.
  while (events.length < result.events.length) {
    const limits = { limit: events.length, deadlineMs: toSearchMs(call.remainingMs()) };
    result = await vigilant.query(filter, { ...options, ...limits });
    events = await encodeEvents(result, format);
  }
  const { nextCursor, tailCursor, complete, beyond, freshness } = result;
  return { events, nextPageToken: nextCursor, tailCursor, complete, freshness, beyond };
}

/** Encodes events up to the maximum bytes of a page, at least one. */
async function encodeEvents({ events }: QueryResult, format: DataFormat): Promise<readonly Uint8Array[]> {
  const slicer = createWorkSlicer();
  const codec = codecOf<EventMessage>('vigilant.v1.Event');
  const encoded: Uint8Array[] = [];
  let bytes = 0;
  for (const event of events) {
    const one = codec.encode(toEventMessage(event, format));
    bytes += one.length;
    if (bytes > PAGE_BYTES && encoded.length > 0) break;
    encoded.push(one);
    await slicer.count(one.length);
  }
  return encoded;
}

function toQueryOptions(request: QueryEventsRequest, { signal, remainingMs }: Call): QueryOptions {
  const { since = '', until = '', pageToken = '', pageSize } = request;
  const order = ORDERS.get(request.order ?? Order.ORDER_UNSPECIFIED);
  if (order === undefined)
    throw invalidField(
      'VIGILANT_QUERY_INVALID',
      'order',
      'unknown_value',
      `${request.order} is not a valid order`,
    );
  return {
    order,
    limit: toPageSize(pageSize, MAX_PAGE_SIZE),
    maxBytes: PAGE_BYTES,
    deadlineMs: toSearchMs(remainingMs()),
    signal,
    ...(since === '' ? {} : { since }),
    ...(until === '' ? {} : { until }),
    ...(pageToken === '' ? {} : { cursor: pageToken }),
  };
}
