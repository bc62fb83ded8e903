import type { TailItem, Vigilant } from '@vigilant/core';
import { decodeTailCursor } from '@vigilant/core/adapter';
import { encodeEventJson } from '../wire/event-json';
import type { StreamMessage } from '../wire/event-stream';
import { createEventStream } from '../wire/event-stream';
import type { ParameterValues } from '../wire/parameters';
import { text } from '../wire/schema';
import type { Route } from './route';
import { FILTER, checkCursor } from './shared-parameters';

const UTF8 = new TextEncoder();

const NO_DATA = UTF8.encode('{}');

/** Follows events. */
export const tailEvents: Route = {
  method: 'GET',
  path: '/v1/tail',
  operationId: 'tailEvents',
  summary: 'Follows matching events as server-sent events.',
  scopes: ['read'],
  parameters: [
    FILTER,
    {
      name: 'cursor',
      description: 'Cursor of an earlier tail or query after which the tail starts. By default now.',
      schema: text('Cursor'),
      check: checkCursor(decodeTailCursor),
    },
  ],
  headers: [
    {
      name: 'Last-Event-ID',
      description: 'Id of the last message that the client received. Takes precedence over `cursor`.',
      schema: text('Cursor'),
    },
  ],
  responses: {
    200: {
      description:
        'Messages `event`, `gap`, `checkpoint` and `problem`. The id of a message is the cursor with which the tail continues.',
      content: { 'text/event-stream': text('Server-sent events.') },
    },
  },
  async handle({ vigilant, request, values, signal, services }) {
    const ending = new AbortController();
    const abort = (): void => ending.abort();
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    const messages = await readMessages(vigilant, request, values, ending.signal);
    const stream = createEventStream({
      messages,
      clock: services.clock,
      slicer: services.tailSlicer,
      onFailure: services.onFailure,
      onEnd() {
        services.streams.delete(stream);
        signal.removeEventListener('abort', abort);
        abort();
      },
    });
    try {
      services.streams.add(stream);
    } catch (error) {
      await stream.body.cancel();
      throw error;
    }
    return new Response(stream.body, {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
      },
    });
  },
};

/**
 * Starts a tail. Rejects if the filter or the cursor is invalid.
 *
 * Without a cursor, the tail starts at the current one. It is the id of the first message, so a client that loses the connection
 * at once misses no event.
 */
async function readMessages(
  vigilant: Vigilant,
  request: Request,
  values: ParameterValues,
  signal: AbortSignal,
): Promise<AsyncIterator<StreamMessage>> {
  const { filter = '', cursor: from } = values as { readonly filter?: string; readonly cursor?: string };
  const last = request.headers.get('last-event-id') || undefined;
  if (last !== undefined) checkCursor(decodeTailCursor)(last, 'Last-Event-ID');
  const given = last ?? from;
  const cursor = given ?? (await vigilant.query('', { limit: 1, signal })).tailCursor;
  return toMessages(cursor, vigilant.tail(filter, { cursor, checkpoints: true, signal }));
}

async function* toMessages(
  cursor: string,
  items: AsyncIterableIterator<TailItem>,
): AsyncGenerator<StreamMessage> {
  try {
    yield { event: 'checkpoint', id: cursor, json: NO_DATA };
    for await (const item of items) yield toMessage(item);
  } finally {
    await items.return?.();
  }
}

function toMessage(item: TailItem): StreamMessage {
  const { cursor: id } = item;
  switch (item.type) {
    case 'event':
      return { event: 'event', id, json: encodeEventJson(item.event) };
    case 'checkpoint':
      return { event: 'checkpoint', id, json: NO_DATA };
    case 'gap': {
      const { reason, missed } = item;
      return { event: 'gap', id, json: UTF8.encode(JSON.stringify({ reason, missed })) };
    }
  }
}
