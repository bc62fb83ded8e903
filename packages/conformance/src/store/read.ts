import assert from 'node:assert/strict';
import { createMatcher, toMicros } from '@vigilant/core/adapter';
import type {
  Event,
  EventOrder,
  EventPage,
  EventPosition,
  EventQuery,
  Store,
  StoredEvent,
} from '@vigilant/core';
import { MATCH_ALL } from '@vigilant/core';

/** Defaults of every query. */
export const WHOLE: EventQuery = {
  filter: MATCH_ALL,
  order: 'arrival',
  limit: 10_000,
  maxBytes: 256 * 1024 * 1024,
};

/** Every order of a query. */
export const ORDERS: readonly EventOrder[] = ['newest', 'oldest', 'arrival'];

/** Maximum number of pages of a query. A store that advances with each page needs far fewer. */
export const MAX_PAGES = 20_000;

/** Reads one page and checks the rules of every page. */
export async function readPage(store: Store, query: Partial<EventQuery> = {}): Promise<EventPage> {
  const request = { ...WHOLE, ...query };
  const page = await store.query(request);
  assert.ok(
    page.events.length <= request.limit,
    `A page has ${page.events.length} events, above its limit of ${request.limit}.`,
  );
  if (request.asOf !== undefined)
    assert.equal(page.asOf, request.asOf, 'asOf of the page differs from asOf of the query.');
  for (const { sequence } of page.events)
    assert.ok(sequence <= page.asOf, `Sequence ${sequence} is above asOf ${page.asOf}.`);
  checkOrder(request.order, request.after, page.events);
  const last = page.events.at(-1);
  if (page.next !== undefined) {
    if (last !== undefined && comparePositions(request.order, positionOf(last), page.next) > 0)
      assert.fail('next precedes the last event of its page, so the next page repeats events.');
    if (request.after !== undefined && comparePositions(request.order, request.after, page.next) >= 0)
      assert.fail('next does not advance, so reading would never end.');
  }
  return page;
}

/** Reads pages up to the end, limited to the events visible to the first page, as core does. */
export async function readPages(
  store: Store,
  query: Partial<EventQuery> = {},
  between?: (page: EventPage) => Promise<void>,
): Promise<readonly EventPage[]> {
  const pages: EventPage[] = [];
  let request = query;
  for (;;) {
    const page = await readPage(store, request);
    pages.push(page);
    if (page.next === undefined) return pages;
    assert.ok(pages.length < MAX_PAGES, `The query has more than ${MAX_PAGES} pages.`);
    await between?.(page);
    request = { ...query, after: page.next, asOf: page.asOf };
  }
}

/** Returns all events of all pages of a query. Removes non-matching events of a superset store, as core does. */
export async function readAll(
  store: Store,
  query: Partial<EventQuery> = {},
): Promise<readonly StoredEvent[]> {
  const events = (await readPages(store, query)).flatMap((page) => page.events);
  if (store.capabilities.filtering === 'exact' || query.filter === undefined) return events;
  return events.filter(createMatcher(query.filter));
}

/** Fails unless a stored event is the given one, field by field. */
export function assertSameEvent(actual: StoredEvent | undefined, expected: Event): void {
  assert.ok(actual !== undefined, `Event ${expected.id} is missing.`);
  const { sequence, ...fields } = actual;
  assert.ok(
    Number.isSafeInteger(sequence) && sequence > 0,
    `Sequence ${sequence} is not a positive integer.`,
  );
  assert.deepEqual({ ...fields }, withoutSequence(expected));
}

function withoutSequence(event: Event): Event {
  const { sequence: _, ...fields } = event as StoredEvent;
  return fields;
}

/** Returns the position of an event in any order. */
export function positionOf(event: StoredEvent): EventPosition {
  return { timestamp: toMicros(event.timestamp), sequence: event.sequence };
}

/** Returns a negative number if the first position precedes the second in an order. */
export function comparePositions(order: EventOrder, a: EventPosition, b: EventPosition): number {
  const byTime = order === 'arrival' ? 0 : a.timestamp - b.timestamp;
  const ascending = byTime || a.sequence - b.sequence;
  return order === 'newest' ? -ascending : ascending;
}

function checkOrder(
  order: EventOrder,
  after: EventPosition | undefined,
  events: readonly StoredEvent[],
): void {
  let before = after;
  for (const event of events) {
    const position = positionOf(event);
    if (before !== undefined && comparePositions(order, before, position) >= 0)
      assert.fail(`Sequence ${event.sequence} violates the order "${order}".`);
    before = position;
  }
}
