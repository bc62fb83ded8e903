import type {
  EventOrder,
  FilterInput,
  FreshOptions,
  QueryOptions,
  QueryResult,
  StoredEvent,
  TimestampInput,
} from '@vigilant/core';
import {
  checkEventOrder,
  checkInteger,
  checkOptions,
  formatFilter,
  formatTimestamp,
  fromMicros,
  parseTimestamp,
  toFilter,
} from '@vigilant/core';
import type {
  Event as EventMessage,
  GetEventRequest,
  GetEventResponse,
  QueryEventsRequest,
} from '../generated/vigilant-v1';
import { DataFormat, Order } from '../generated/vigilant-v1';
import { Turns } from '../turns';
import { fromEventMessage } from '../wire/event';
import { toNumber } from '../wire/int64';
import type { RawQueryEventsResponse } from '../wire/raw';
import { rawQueryEventsResponseCodec } from '../wire/raw';
import { codecOf } from '../wire/schema';
import type { Connection } from './connection';
import { decodeAnswer, unwrapped } from './connection';

/** Options of the client's `query`; how fresh and how long is the server's choice. */
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

/** Asks the server for a page. */
export async function query(
  connection: Connection,
  filter: FilterInput,
  options: ClientQueryOptions,
): Promise<QueryResult> {
  checkOptions('query()', options, ['order', 'limit', 'cursor', 'since', 'until', 'signal']);
  const { order, limit, cursor, since, until, signal } = options;
  if (order !== undefined) checkEventOrder(order);
  if (limit !== undefined) checkInteger('limit', limit, 1, 10_000);
  const request: QueryEventsRequest = {
    filter: toFilterText(filter),
    dataFormat: DataFormat.DATA_FORMAT_JSON,
    ...(order === undefined ? {} : { order: ORDERS[order] }),
    ...(limit === undefined ? {} : { pageSize: limit }),
    ...(cursor === undefined ? {} : { pageToken: cursor }),
    ...(since === undefined ? {} : { since: toTimeText(since) }),
    ...(until === undefined ? {} : { until: toTimeText(until) }),
  };
  const page = await unwrapped(
    connection.call<QueryEventsRequest, RawQueryEventsResponse>('QueryEvents', request, {
      responseCodec: rawQueryEventsResponseCodec(),
      fallback: FALLBACK,
      signal,
    }),
  );
  const { pending } = page.freshness ?? {};
  return {
    events: await decodeEvents(page.events ?? []),
    ...(page.nextPageToken ? { nextCursor: page.nextPageToken } : {}),
    tailCursor: page.tailCursor ?? '',
    complete: page.complete ?? false,
    ...(page.beyond === undefined ? {} : { beyond: page.beyond }),
    freshness: {
      complete: page.freshness?.complete ?? false,
      ...(pending === undefined ? {} : { pending: toNumber(pending) }),
    },
  };
}

async function decodeEvents(encoded: readonly Uint8Array[]): Promise<readonly StoredEvent[]> {
  const codec = codecOf<EventMessage>('vigilant.v1.Event');
  const turns = new Turns();
  const events: StoredEvent[] = [];
  for (const bytes of encoded) {
    events.push(fromEventMessage(decodeAnswer(codec, bytes)));
    await turns.spend(bytes.length);
  }
  return events;
}

/** Asks the server for one event; `undefined` when there is none. */
export async function get(
  connection: Connection,
  id: string,
  { signal }: Pick<FreshOptions, 'signal'>,
): Promise<StoredEvent | undefined> {
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

/** The text of a filter. @throws {VigilantError} `VIGILANT_FILTER_INVALID` for one that is no text; the server checks texts */
export function toFilterText(filter: FilterInput): string {
  return typeof filter === 'string' ? filter : formatFilter(toFilter(filter));
}

function toTimeText(time: TimestampInput): string {
  return typeof time === 'string' ? time : formatTimestamp(fromMicros(parseTimestamp(time)));
}
