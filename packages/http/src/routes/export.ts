import type { QueryOptions, QueryResult, Vigilant } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import type { EventJson } from '@vigilant/core/adapter';
import { createWorkSlicer, toEventJson } from '@vigilant/core/adapter';
import { CSV_HEAD, toCsvLine } from '../wire/csv';
import { integer, text } from '../wire/schema';
import { createTextStream } from '../wire/text-stream';
import { ORDER } from './query-events';
import type { Route } from './route';
import { FILTER, RANGE } from './shared-parameters';

/** Limits of the pages that an export reads. */
const PAGE = { limit: 1_000, maxBytes: 1024 * 1024 } as const;

/** Maximum value of `limit`. */
const MAX_EVENTS = 1_000_000_000;

/** Formats of an export. */
const FORMATS = {
  ndjson: {
    contentType: 'application/x-ndjson; charset=utf-8',
    head: '',
    toLine: (event: EventJson): string => `${JSON.stringify(event)}\n`,
  },
  csv: { contentType: 'text/csv; charset=utf-8; header=present', head: CSV_HEAD, toLine: toCsvLine },
} as const;

const FORMAT_NAMES = ['ndjson', 'csv'] as const;

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
    const name = format as (typeof FORMAT_NAMES)[number];
    const request = { ...options, signal } as QueryOptions;
    const pages = readPages(vigilant, filter as string, request, limit as number);
    // The first page is read before the response begins, so that its errors have their status.
    const first = await pages.next();
    const end = extend();
    const texts = formatLines(first, pages, name);
    const body = createTextStream({
      texts,
      signal,
      onEnd(error) {
        if (error !== undefined && !signal.aborted) services.onFailure(error);
        end();
      },
    });
    return new Response(body, {
      headers: {
        'content-type': FORMATS[name].contentType,
        'content-disposition': `attachment; filename="vigilant-events.${name}"`,
      },
    });
  },
};

type Events = QueryResult['events'];

async function* readPages(
  vigilant: Vigilant,
  filter: string,
  options: QueryOptions,
  limit: number,
): AsyncGenerator<Events, undefined> {
  const read = (cursor: string | undefined): Promise<QueryResult> =>
    vigilant.query(filter, { ...options, ...PAGE, ...(cursor === undefined ? {} : { cursor }) });
  let remaining = limit;
  let reading = read(undefined);
  for (;;) {
    const { events, nextCursor, complete } = await reading;
    if (!complete && nextCursor === undefined)
      throw new VigilantError('VIGILANT_STORE_UNAVAILABLE', 'The store did not respond in time.');
    const page = events.slice(0, remaining);
    remaining -= page.length;
    const isLast = nextCursor === undefined || remaining === 0;
    if (!isLast) {
      // The next page is read while this one is sent.
      reading = read(nextCursor);
      reading.catch(() => {});
    }
    yield page;
    if (isLast) return;
  }
}

async function* formatLines(
  first: IteratorResult<Events, undefined>,
  pages: AsyncGenerator<Events, undefined>,
  format: keyof typeof FORMATS,
): AsyncGenerator<string> {
  const { head, toLine } = FORMATS[format];
  const slicer = createWorkSlicer();
  let lines: string = head;
  for (let page = first; page.done !== true; page = await pages.next()) {
    for (const event of page.value) {
      const line = toLine(toEventJson(event));
      lines += line;
      const turn = slicer.count(line.length);
      if (turn === undefined) continue;
      yield lines;
      lines = '';
      await turn;
    }
    // The next page of a rare filter may take long.
    if (lines !== '') yield lines;
    lines = '';
  }
}
