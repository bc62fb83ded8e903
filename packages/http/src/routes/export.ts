import type { QueryOptions } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { createByteStream } from '../wire/byte-stream';
import { integer, text } from '../wire/schema';
import type { ExportFormat, ExportPage } from './export-format';
import { EXPORT_FORMATS } from './export-format';
import { ORDER } from './query-events';
import type { Route } from './route';
import { FILTER, RANGE } from './shared-parameters';

/** Maximum value of `limit`. */
const MAX_EVENTS = 1_000_000_000;

const FORMAT_NAMES = Object.keys(EXPORT_FORMATS) as readonly (keyof typeof EXPORT_FORMATS)[];

/** Streams all matching events. */
export const exportEvents: Route = {
  method: 'GET',
  path: '/v1/export',
  operationId: 'exportEvents',
  summary: 'Streams all matching events.',
  scopes: ['read'],
  parameters: [
    FILTER,
    ...RANGE,
    ORDER,
    {
      name: 'limit',
      description: 'Maximum number of events. By default all.',
      schema: integer('Events', 1, MAX_EVENTS),
    },
    {
      name: 'format',
      description:
        'By default `ndjson`. In `csv`, an apostrophe precedes text that a spreadsheet would evaluate.',
      schema: { type: 'string', enum: FORMAT_NAMES },
    },
  ],
  responses: {
    200: {
      description: 'The events. After a failure the connection closes before the end of the response.',
      content: { 'application/x-ndjson': text('One event per line.'), 'text/csv': text('RFC 4180.') },
    },
  },
  async handle({ vigilant, values, signal, extend, services }) {
    const { filter = '', limit = MAX_EVENTS, format = 'ndjson', ...options } = values;
    const name = format as keyof typeof EXPORT_FORMATS;
    const { contentType, head, readPage }: ExportFormat = EXPORT_FORMATS[name];
    const pages = readPages(
      (cursor, remaining) =>
        readPage(vigilant, filter as string, { ...options, ...cursor, limit: remaining, signal }),
      limit as number,
    );
    // The first page is read before the response begins, so that an error determines the status.
    const first = await pages.next();
    const end = extend();
    const body = createByteStream({
      chunks: readChunks(head, first, pages),
      signal,
      onEnd(error) {
        if (error !== undefined && !signal.aborted) services.onFailure(error);
        end();
      },
    });
    return new Response(body, {
      headers: {
        'content-type': contentType,
        'content-disposition': `attachment; filename="vigilant-events.${name}"`,
      },
    });
  },
};

type Pages = AsyncGenerator<ExportPage, undefined>;

/** Reads pages until there are enough events. */
async function* readPages(
  read: (cursor: Pick<QueryOptions, 'cursor'>, remaining: number) => Promise<ExportPage>,
  limit: number,
): Pages {
  let remaining = limit;
  let reading = read({}, remaining);
  for (;;) {
    const page = await reading;
    const { count, nextCursor, complete } = page;
    if (!complete && nextCursor === undefined)
      throw new VigilantError('VIGILANT_STORE_UNAVAILABLE', 'The store did not respond in time.');
    remaining -= count;
    const isLast = nextCursor === undefined || remaining === 0;
    if (!isLast) {
      // The next page is read while this one is sent.
      reading = read({ cursor: nextCursor }, remaining);
      reading.catch(() => {});
    }
    yield page;
    if (isLast) return;
  }
}

async function* readChunks(
  head: Uint8Array,
  first: IteratorResult<ExportPage, undefined>,
  pages: Pages,
): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  // Each page is sent immediately, because finding the next one can take long if few events match.
  for (let page = first; page.done !== true; page = await pages.next()) yield* page.value.chunks;
}
