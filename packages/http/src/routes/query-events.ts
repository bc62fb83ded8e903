import type { FreshOptions, QueryOptions, QueryResult, Vigilant } from '@vigilant/core';
import {
  checkEventId,
  createWorkSlicer,
  decodePageCursor,
  notFound,
  toEventJson,
} from '@vigilant/core/adapter';
import type { Parameter } from '../wire/parameters';
import { jsonResponse, textResponse } from '../wire/responses';
import { flag, integer, list, object, ref, text } from '../wire/schema';
import type { Route } from './route';
import { json } from './route';
import { BEYOND, FRESHNESS, STATISTICS } from './shared-schemas';
import { DEADLINE, FILTER, FRESH, RANGE, checkCursor } from './shared-parameters';

/** Maximum bytes of a page. */
export const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** The order of events. */
export const ORDER: Parameter = {
  name: 'order',
  description: 'Order by timestamp (`newest`, `oldest`) or by arrival in the store.',
  schema: { type: 'string', enum: ['newest', 'oldest', 'arrival'] },
};

/** Returns a page of events. */
export const queryEvents: Route = {
  method: 'GET',
  path: '/v1/events',
  operationId: 'queryEvents',
  summary: 'Returns a page of events.',
  scopes: ['read'],
  parameters: [
    FILTER,
    ...RANGE,
    ORDER,
    { name: 'limit', description: 'Maximum number of events.', schema: integer('Events', 1, 10_000) },
    {
      name: 'cursor',
      description: '`nextCursor` of the previous page.',
      schema: text('Cursor'),
      check: checkCursor(decodePageCursor),
    },
    {
      name: 'maxBytes',
      description: 'Ends the page once its events reach this many bytes.',
      schema: integer('Bytes', 1, MAX_PAGE_BYTES),
    },
    FRESH,
    DEADLINE,
  ],
  responses: {
    200: json(
      'A page. A short or empty page can have a next one.',
      object({
        events: list(ref('Event')),
        'nextCursor?': text('Cursor of the next page. Absent on the last page.'),
        tailCursor: text('Cursor from which a tail continues without missing an event.'),
        complete: flag('`false` when the deadline ended the search; continue with `nextCursor`.'),
        'beyond?': BEYOND,
        freshness: FRESHNESS,
        'statistics?': STATISTICS,
      }),
    ),
  },
  async handle({ vigilant, values, signal }) {
    const { filter = '', maxBytes = MAX_PAGE_BYTES, ...options } = values;
    const result = await vigilant.query(filter as string, { ...options, maxBytes, signal } as QueryOptions);
    return textResponse(await formatPage(result), 'application/json');
  },
};

/** Formats a page in slices, so that a large one does not block the event loop. */
async function formatPage({ events, ...rest }: QueryResult): Promise<string> {
  const slicer = createWorkSlicer();
  const parts: string[] = [];
  for (const event of events) {
    const part = JSON.stringify(toEventJson(event));
    parts.push(part);
    await slicer.count(part.length);
  }
  return `{"events":[${parts.join(',')}],${JSON.stringify(rest).slice(1)}`;
}

/** Returns one event. */
export const getEvent: Route = {
  method: 'GET',
  path: '/v1/events/{id}',
  operationId: 'getEvent',
  summary: 'Returns the event with an id.',
  scopes: ['read'],
  parameters: [FRESH],
  responses: { 200: json('The event.', ref('Event')) },
  handle: ({ vigilant, id, values, signal }) => readEvent(vigilant, id, { ...values, signal }),
};

/** Returns one event by a parameter. The path of `getEvent` cannot contain the ids `.` and `..`, because URLs remove such segments. */
export const getEventById: Route = {
  method: 'GET',
  path: '/v1/event',
  operationId: 'getEventById',
  summary:
    'Returns the event with an id. Unlike a path, the parameter works for the ids `.` and `..`, and through proxies that decode paths.',
  scopes: ['read'],
  parameters: [
    {
      name: 'id',
      description: 'Id of the event.',
      schema: text('Id'),
      isRequired: true,
      check: checkEventId,
    },
    FRESH,
  ],
  responses: { 200: json('The event.', ref('Event')) },
  async handle({ vigilant, values, signal }) {
    const { id = '', ...options } = values;
    return readEvent(vigilant, id as string, { ...options, signal });
  },
};

async function readEvent(vigilant: Vigilant, id: string, options: FreshOptions): Promise<Response> {
  checkEventId(id);
  const event = await vigilant.get(id, options);
  if (event === undefined) throw notFound('event', id);
  return jsonResponse(toEventJson(event));
}
