import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../src/util/clock';
import type { EventPage, EventQuery } from '../../src/contracts/query';
import type { Store } from '../../src/contracts/store';
import { encodedSize } from '../../src/event/codec';
import type { StoredEvent } from '../../src/event/event';
import { find } from '../../src/query/find';
import { event } from '../support';

const QUERY: EventQuery = {
  ...{ filter: { kind: 'contains', text: 'wanted' }, order: 'arrival' },
  ...{ limit: 10, maxBytes: 1_000_000 },
};

/** Events by their messages, numbered from 1. */
function stored(...messages: readonly string[]): StoredEvent[] {
  return messages.map((message, index) => ({ ...event({ message }), sequence: index + 1 }));
}

const at = (sequence: number) => ({ timestamp: 1_700_000_000_000_000, sequence });

/** Creates a store that answers with the given pages in order and records its queries. */
function setUp(filtering: 'exact' | 'superset', pages: readonly Partial<EventPage>[]) {
  const queries: EventQuery[] = [];
  const clock = createManualClock();
  const store = {
    capabilities: { filtering },
    async query(query: EventQuery): Promise<EventPage> {
      queries.push(query);
      await clock.advance(100);
      return { events: [], complete: true, epoch: 'e', asOf: 99, ...pages[queries.length - 1] };
    },
  } as unknown as Store;
  const ask = (change: Partial<EventQuery> = {}) => find(store, { ...QUERY, ...change }, clock);
  return { queries, ask };
}

describe('find', () => {
  it('queries again after a short page, for the missing events', async () => {
    const [first, second, third] = stored('wanted 1', 'wanted 2', 'wanted 3');
    const { queries, ask } = setUp('exact', [
      { events: [first!], next: at(1), statistics: { scanned: 5, elapsedMs: 1 } },
      { events: [second!, third!], next: at(3) },
    ]);
    const page = await ask({ limit: 3 });
    expect(page).toMatchObject({ events: [first, second, third], next: at(3), complete: true, asOf: 99 });
    expect(page.statistics?.scanned).toBe(7);
    expect(queries).toMatchObject([
      { limit: 3, maxBytes: 1_000_000 },
      { limit: 2, maxBytes: 1_000_000 - encodedSize(first!), after: at(1), asOf: 99 },
    ]);
  });

  it('ends without a next position at the end of the store', async () => {
    const page = await setUp('exact', [{ events: stored('wanted') }]).ask();
    expect(page).toMatchObject({ complete: true });
    expect(page.next).toBeUndefined();
  });

  it('checks the events of a store that does not filter exactly', async () => {
    const [first, second, third] = stored('wanted', 'other', 'wanted');
    const { queries, ask } = setUp('superset', [
      { events: [first!, second!], next: at(2) },
      { events: [third!] },
    ]);
    expect((await ask()).events).toEqual([first, third]);
    expect(queries.map(({ limit }) => limit)).toEqual([1_000, 1_000]);
  });

  it('does not check the events of a store that filters exactly', async () => {
    const page = await setUp('exact', [{ events: stored('other') }]).ask();
    expect(page.events).toHaveLength(1);
  });

  it.each([
    ['its limit', { limit: 2 }],
    ['its bytes', { maxBytes: Math.floor(1.5 * encodedSize(event({ message: 'wanted' }))) }],
  ])('cuts a page of such a store at %s, and continues after its last event', async (_, change) => {
    const all = stored('wanted', 'other', 'wanted', 'wanted');
    const page = await setUp('superset', [{ events: all }]).ask(change);
    expect(page).toMatchObject({ events: [all[0], all[2]], next: at(3), complete: true });
  });

  it('does not cut after the last event of a page', async () => {
    const all = stored('wanted', 'wanted');
    const page = await setUp('superset', [{ events: all, next: at(7) }]).ask({ limit: 2 });
    expect(page).toMatchObject({ events: all, next: at(7) });
    const last = await setUp('superset', [{ events: all }]).ask({ limit: 2 });
    expect(last.next).toBeUndefined();
  });

  it('passes the remaining time to each request, and is incomplete when the deadline expires', async () => {
    const { queries, ask } = setUp('exact', [{ next: at(1) }, { next: at(2) }, { next: at(3) }]);
    const page = await ask({ deadlineMs: 200 });
    expect(queries.map(({ deadlineMs }) => deadlineMs)).toEqual([200, 100]);
    expect(page).toMatchObject({ complete: false, next: at(2) });
  });

  it('ends when the store reports an incomplete page', async () => {
    const { queries, ask } = setUp('exact', [{ complete: false, next: at(1) }]);
    expect(await ask()).toMatchObject({ complete: false, next: at(1) });
    expect(queries).toHaveLength(1);
  });
});

describe('find with a limit of bytes', () => {
  it('cuts a page of a store that does not filter exactly at exactly its bytes', async () => {
    const all = stored('wanted', 'wanted');
    const { queries, ask } = setUp('superset', [{ events: all, next: at(2) }]);
    expect(await ask({ maxBytes: encodedSize(all[0]!) })).toMatchObject({ events: [all[0]], next: at(1) });
    expect(queries).toHaveLength(1);
  });

  it('does not query again once a short page has exactly its bytes', async () => {
    const [first] = stored('wanted');
    const { queries, ask } = setUp('exact', [{ events: [first!], next: at(1) }]);
    expect(await ask({ maxBytes: encodedSize(first!) })).toMatchObject({ next: at(1), complete: true });
    expect(queries).toHaveLength(1);
  });
});
