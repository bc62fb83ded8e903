import type {
  BarrierResult,
  EventOrder,
  FilterInput,
  FreshOptions,
  QueryOptions,
  QueryResult,
  StoredEvent,
  TimestampInput,
} from '@vigilant/core';
import { formatFilter, formatTimestamp, toFilter } from '@vigilant/core';
import {
  checkEventOrder,
  checkInteger,
  checkOptions,
  checkText,
  createWorkSlicer,
  damagedCursor,
  fromMicros,
  readTimeOption,
} from '@vigilant/core/adapter';
import type {
  Event as EventMessage,
  Freshness,
  GetEventRequest,
  GetEventResponse,
  QueryEventsRequest,
} from '../generated/vigilant-v1';
import { DataFormat, Order } from '../generated/vigilant-v1';
import { fromEventMessage } from '../wire/event';
import { toNumber } from '../wire/int64';
import type { EncodedQueryEventsResponse } from '../wire/encoded-events';
import { encodedQueryEventsResponseCodec } from '../wire/encoded-events';
import { codecOf } from '../wire/schema';
import type { Connection } from './connection';
import { decodeResponse } from './connection';
import { unwrapped } from './failure';

/** Options of the client's `query`. The server determines freshness and limits. */
export type ClientQueryOptions = Pick<
  QueryOptions,
  'order' | 'limit' | 'cursor' | 'since' | 'until' | 'signal'
>;

const ORDERS: Readonly<Record<EventOrder, Order>> = {
  newest: Order.ORDER_NEWEST,
  oldest: Order.ORDER_OLDEST,
  arrival: Order.ORDER_ARRIVAL,
};

const FALLBACK = 'VIGILANT_STORE_UNAVAILABLE';

/** Queries the server for a page. */
export async function query(
  connection: Connection,
  filter: FilterInput,
  options: ClientQueryOptions,
): Promise<QueryResult> {
  const request = toRequest(filter, options);
  const response = await unwrapped(
    connection.call<QueryEventsRequest, EncodedQueryEventsResponse>('QueryEvents', request, {
      responseCodec: encodedQueryEventsResponseCodec(),
      fallback: FALLBACK,
      signal: options.signal,
    }),
  );
  const { events = [], nextPageToken, tailCursor = '', complete = false, beyond, freshness } = response;
  return {
    events: await decodeEvents(events),
    ...(nextPageToken ? { nextCursor: nextPageToken } : {}),
    tailCursor,
    complete,
    ...(beyond === undefined ? {} : { beyond }),
    freshness: toBarrierResult(freshness),
  };
}

/** Checks the options that are not strings and converts them; the server checks the strings. */
function toRequest(filter: FilterInput, options: ClientQueryOptions): QueryEventsRequest {
  checkOptions('query()', options, ['order', 'limit', 'cursor', 'since', 'until', 'signal']);
  const { order, limit, cursor, since, until } = options;
  return {
    filter: toFilterText(filter),
    dataFormat: DataFormat.DATA_FORMAT_JSON,
    order: order === undefined ? undefined : ORDERS[checkEventOrder(order)],
    pageSize: limit === undefined ? undefined : checkInteger('limit', limit, 1, 10_000),
    pageToken: cursor === undefined ? undefined : checkCursor(cursor),
    since: since === undefined ? undefined : toTimeText('since', since),
    until: until === undefined ? undefined : toTimeText('until', until),
  };
}

function toBarrierResult({ complete = false, pending }: Freshness = {}): BarrierResult {
  return pending === undefined ? { complete } : { complete, pending: toNumber(pending) };
}

async function decodeEvents(encoded: readonly Uint8Array[]): Promise<readonly StoredEvent[]> {
  const codec = codecOf<EventMessage>('vigilant.v1.Event');
  const slicer = createWorkSlicer();
  const events: StoredEvent[] = [];
  for (const bytes of encoded) {
    events.push(fromEventMessage(decodeResponse(codec, bytes)));
    await slicer.count(bytes.length);
  }
  return events;
}

/** Queries the server for one event; `undefined` if it does not exist. */
export async function get(
  connection: Connection,
  id: string,
  options: Pick<FreshOptions, 'signal'>,
): Promise<StoredEvent | undefined> {
  checkText('id', id);
  checkOptions('get()', options, ['signal']);
  const { signal } = options;
  const request: GetEventRequest = { id, dataFormat: DataFormat.DATA_FORMAT_JSON };
  try {
    const { event } = await unwrapped(
      connection.call<GetEventRequest, GetEventResponse>('GetEvent', request, { fallback: FALLBACK, signal }),
    );
    return event && fromEventMessage(event);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'VIGILANT_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Converts a filter to a string; the server checks strings. @throws {VigilantError} `VIGILANT_FILTER_INVALID` */
export function toFilterText(filter: FilterInput): string {
  return typeof filter === 'string' ? filter : formatFilter(toFilter(filter));
}

/** Checks that a cursor is a string; the server checks its content. @throws {VigilantError} `VIGILANT_CURSOR_INVALID` */
export function checkCursor(cursor: string): string {
  if (typeof cursor === 'string' && cursor !== '') return cursor;
  throw damagedCursor();
}

/** Converts a bound of a time range to a string; the server checks strings. */
function toTimeText(option: 'since' | 'until', time: TimestampInput): string {
  // An empty string on the wire means that the option is not set.
  if (typeof time === 'string' && time !== '') return time;
  return formatTimestamp(fromMicros(readTimeOption(option, time)));
}
