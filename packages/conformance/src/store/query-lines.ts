import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toEventJson } from '@vigilant/core/adapter';
import type { EventLines, EventQuery, Filter, Store, StoredEvent } from '@vigilant/core';
import { eventFields, filters } from '../arbitraries';
import { checkProperty } from '../property';
import { sampleEvents } from '../samples';
import { within } from '../waiting';
import { appendHardEvents } from './append-hard';
import { UNKNOWN_FILTERS } from './filter-samples';
import type { StoreCase } from './fixture';
import { MAX_PAGES, ORDERS, WHOLE, readAll } from './read';

/** Returns the line of an event. */
const lineOf = (event: StoredEvent): string => `${JSON.stringify(toEventJson(event))}\n`;

/** Reads a page of lines and checks it. Returns it with its lines. */
async function readLines(
  store: Store,
  query: Partial<EventQuery> = {},
): Promise<EventLines & { readonly lines: readonly string[] }> {
  const request = { ...WHOLE, ...query };
  const page = await store.queryLines?.(request);
  assert.ok(page !== undefined, 'queryLines returned undefined for a filter of this version.');
  const lines = page.chunks.flatMap((chunk) =>
    splitLines(new TextDecoder('utf-8', { fatal: true }).decode(chunk)),
  );
  assert.equal(page.count, lines.length, 'count differs from the number of lines.');
  assert.ok(
    page.count <= request.limit,
    `A page has ${page.count} events, above its limit of ${request.limit}.`,
  );
  return { ...page, lines };
}

/** Returns the lines of a chunk, with their line feeds. */
function splitLines(text: string): readonly string[] {
  const lines = text.split(/(?<=\n)/);
  const last = lines.at(-1) ?? '';
  assert.ok(last === '' || last.endsWith('\n'), 'A line crosses the end of a chunk.');
  return text === '' ? [] : lines;
}

/** Reads all pages of lines, limited to the events visible to the first page, as core does. */
async function readAllLines(store: Store, query: Partial<EventQuery> = {}): Promise<readonly string[]> {
  const found: string[] = [];
  let request = query;
  for (let pages = 1; ; pages += 1) {
    const { lines, next, asOf } = await readLines(store, request);
    found.push(...lines);
    if (next === undefined) return found;
    assert.ok(pages < MAX_PAGES, `The query has more than ${MAX_PAGES} pages.`);
    request = { ...query, after: next, asOf };
  }
}

/** Queries that return lines. */
export const queryLinesCases: readonly StoreCase[] = [
  {
    id: 'store/query-lines/every-event',
    behaviour: 'returns the JSON of each event, with any content',
    needs: ['queryLines'],
    async run({ store }) {
      await appendHardEvents(store);
      const events = await readAll(store);
      assert.deepEqual(await readAllLines(store), events.map(lineOf));
    },
  },
  {
    id: 'store/query-lines/agrees',
    behaviour: 'returns the events of query in its order, for any events, filter, order, limit and asOf',
    needs: ['queryLines'],
    async run({ store, runs, seed }) {
      const events = fc.sample(eventFields, { numRuns: 500, seed });
      await store.append(events.map((event, index) => ({ ...event, id: `${event.id}~${index}` })));
      const stored = await readAll(store);
      const inputs = fc.record({
        filter: fc.oneof(fc.constant<Filter>({ kind: 'all' }), filters),
        order: fc.constantFrom(...ORDERS),
        limit: fc.integer({ min: 50, max: 1_000 }),
        asOf: fc.nat(stored.length - 1).map((index) => stored[index]?.sequence ?? 0),
      });
      await checkProperty({ runs: runs / 4, seed }, inputs, async (query) => {
        const expected = await readAll(store, query);
        assert.deepEqual(await readAllLines(store, query), expected.map(lineOf));
      });
    },
  },
  {
    id: 'store/query-lines/max-bytes',
    behaviour: 'ends a page with the line that reaches maxBytes, after at least one line',
    needs: ['queryLines'],
    async run({ store }) {
      await store.append(sampleEvents(40, { data: { text: 'z'.repeat(1_000) } }));
      const sizes = (await readAll(store)).map((event) => Buffer.byteLength(lineOf(event)));
      const size = Math.max(...sizes);
      for (const maxBytes of [1, size, 10 * size]) {
        const { lines, next } = await readLines(store, { maxBytes });
        const bytes = Buffer.byteLength(lines.slice(0, -1).join(''));
        assert.ok(
          bytes < maxBytes,
          `A page continues after ${bytes} bytes, although maxBytes is ${maxBytes}.`,
        );
        assert.ok(
          lines.length > 0 && next !== undefined,
          'The page must have a line and be followed by others.',
        );
        assert.equal((await readAllLines(store, { maxBytes })).length, 40);
      }
    },
  },
  {
    id: 'store/query-lines/unknown-filter',
    behaviour: 'returns undefined for a filter of a later version',
    needs: ['queryLines'],
    async run({ store }) {
      await store.append(sampleEvents(3));
      for (const filter of UNKNOWN_FILTERS)
        assert.equal(
          await store.queryLines?.({ ...WHOLE, filter }),
          undefined,
          `A page was returned for ${JSON.stringify(filter)}, which the store cannot decide.`,
        );
    },
  },
  {
    id: 'store/query-lines/signal',
    behaviour: 'rejects with the reason of an aborted signal',
    needs: ['queryLines'],
    async run({ store, patienceMs }) {
      await store.append(sampleEvents(10));
      const reason = new Error('enough');
      const aborted = Promise.resolve(store.queryLines?.({ ...WHOLE, signal: AbortSignal.abort(reason) }));
      await assert.rejects(within(patienceMs, 'an aborted query', aborted), (error) => error === reason);
    },
  },
];
