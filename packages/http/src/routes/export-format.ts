import type { QueryOptions, QueryResult, StoredEvent, Vigilant } from '@vigilant/core';
import type { EventJson, LinesResult } from '@vigilant/core/adapter';
import { createWorkSlicer, queryLines, toEventJson } from '@vigilant/core/adapter';
import { CSV_HEAD, toCsvLine } from '../wire/csv';

/** Limits of a page of events. */
const EVENTS = { limit: 1_000, maxBytes: 1024 * 1024 } as const;

/** Limits of a page of lines, which take less memory than events. */
const LINES = { limit: 10_000, maxBytes: 1024 * 1024 } as const;

const UTF8 = new TextEncoder();

/** A page of an export. */
export interface ExportPage extends Pick<LinesResult, 'count' | 'nextCursor' | 'complete'> {
  /** The encoded events. */
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** A format of an export. */
export interface ExportFormat {
  readonly contentType: string;
  /** The start of the response. */
  readonly head: Uint8Array;
  /** Reads a page. @param options - `limit` is the maximum number of events. */
  readPage(vigilant: Vigilant, filter: string, options: PageOptions): Promise<ExportPage>;
}

/** Options of a page of an export. */
export type PageOptions = Omit<QueryOptions, 'limit' | 'maxBytes'> & { readonly limit: number };

type ToLine = (event: EventJson) => string;

const toJsonLine: ToLine = (event) => `${JSON.stringify(event)}\n`;

/** The formats of an export by their names. */
export const EXPORT_FORMATS = {
  ndjson: {
    contentType: 'application/x-ndjson; charset=utf-8',
    head: UTF8.encode(''),
    readPage: async (vigilant, filter, options) =>
      (await queryLines(vigilant, filter, within(LINES, options))) ??
      encodePage(await vigilant.query(filter, within(EVENTS, options)), toJsonLine),
  },
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: UTF8.encode(CSV_HEAD),
    readPage: async (vigilant, filter, options) =>
      encodePage(await vigilant.query(filter, within(EVENTS, options)), toCsvLine),
  },
} as const satisfies Readonly<Record<string, ExportFormat>>;

function within({ limit, maxBytes }: typeof EVENTS | typeof LINES, options: PageOptions): QueryOptions {
  return { ...options, limit: Math.min(limit, options.limit), maxBytes };
}

function encodePage({ events, ...page }: QueryResult, toLine: ToLine): ExportPage {
  return { ...page, count: events.length, chunks: encodeEvents(events, toLine) };
}

/** Encodes events. Yields to the event loop in between. */
async function* encodeEvents(events: readonly StoredEvent[], toLine: ToLine): AsyncGenerator<Uint8Array> {
  const slicer = createWorkSlicer();
  let lines = '';
  for (const event of events) {
    const line = toLine(toEventJson(event));
    lines += line;
    const turn = slicer.count(line.length);
    if (turn === undefined) continue;
    yield UTF8.encode(lines);
    lines = '';
    await turn;
  }
  if (lines !== '') yield UTF8.encode(lines);
}
