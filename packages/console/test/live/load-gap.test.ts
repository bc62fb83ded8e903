import { describe, expect, it } from 'vitest';
import type { ApiClient, EventsQuery } from '../../src/app/api/client';
import type { ApiEvent, Freshness } from '../../src/app/api/types';
import { EventList, type GapRow, type Row } from '../../src/app/explore/rows/event-list';
import { loadGap } from '../../src/app/live/load-gap';

const eventOf = (id: string): ApiEvent =>
  ({ id, level: 'INFO', timestamp: '2026-03-04T10:31:00Z' }) as ApiEvent;

const GAP: GapRow = {
  kind: 'gap',
  id: 'gap 0',
  missed: 2,
  ids: ['b', 'c'],
  reason: 'fast',
  since: '2026-03-04T10:31:00.000Z',
  until: '2026-03-04T10:31:01.000Z',
};

/** Loads a gap between the events `d` and `a` from pages of ids. */
const load = (gap: GapRow, ...pages: readonly string[][]) => loadBelow([], gap, { complete: true }, ...pages);

/** Loads a gap below other rows. */
async function loadBelow(
  newer: readonly Row[],
  gap: GapRow,
  freshness: Freshness,
  ...pages: readonly string[][]
) {
  const asked: EventsQuery[] = [];
  const client = {
    events: (query: EventsQuery) => {
      const ids = pages[asked.push(query) - 1] ?? [];
      return Promise.resolve({
        events: ids.map(eventOf),
        freshness: asked.length === 1 ? freshness : { complete: true },
        ...(asked.length < pages.length ? { nextCursor: `page ${asked.length + 1}` } : {}),
      });
    },
  } as unknown as ApiClient;
  const list = new EventList();
  list.replace([eventOf('a')]);
  list.prepend([...newer, { kind: 'event', id: 'd', event: eventOf('d') }, gap]);
  await loadGap({ client, list, filter: 'level:INFO' }, gap);
  const rows = list.slice(0, list.length);
  return { asked, rows, texts: rows.map((row) => (row.kind === 'event' ? row.id : row.reason)) };
}

describe('loadGap', () => {
  it('replaces the gap by exactly its events', async () => {
    const { asked, texts } = await load(GAP, ['d', 'c', 'other'], ['b', 'a']);
    expect(texts).toEqual(['d', 'c', 'b', 'a']);
    expect(asked).toMatchObject([
      { filter: 'level:INFO', since: GAP.since, until: GAP.until, cursor: undefined },
      { cursor: 'page 2' },
    ]);
  });

  it('sends no further request once all events are found', async () => {
    const { asked } = await load(GAP, ['c', 'b'], ['never asked']);
    expect(asked).toHaveLength(1);
  });

  it('keeps the number of events that the server does not have', async () => {
    const { rows, texts } = await load(GAP, ['c']);
    expect(texts).toEqual(['d', 'c', 'gone', 'a']);
    expect(rows[2]).toMatchObject({ missed: 1, ids: ['b'] });
  });

  it('inserts all events of the period that are not rows if the ids are not known', async () => {
    const { texts } = await load({ ...GAP, ids: [] }, ['d', 'c', 'b', 'a']);
    expect(texts).toEqual(['d', 'c', 'b', 'a']);
  });

  it('leaves events that another gap counts to that gap if the ids are not known', async () => {
    const other: GapRow = { ...GAP, id: 'gap 1', missed: 1, ids: ['e'] };
    const slow: GapRow = { ...GAP, ids: undefined, reason: 'slow' };
    const { texts } = await loadBelow([other], slow, { complete: true }, ['e', 'd', 'c'], ['b', 'a']);
    expect(texts).toEqual(['fast', 'd', 'c', 'b', 'a']);
  });

  it('keeps a gap loadable while the store does not hold all events yet', async () => {
    const { rows } = await loadBelow([], GAP, { complete: false }, ['c'], ['a']);
    expect(rows[2]).toMatchObject({ reason: 'fast', missed: 1, ids: ['b'], until: GAP.until });
    const slow: GapRow = { ...GAP, missed: undefined, ids: undefined, reason: 'slow' };
    const { texts } = await loadBelow([], slow, { complete: false }, ['c'], ['a']);
    expect(texts).toEqual(['d', 'c', 'slow', 'a']);
  });

  it('loads a gap of unknown size', async () => {
    const { texts } = await load({ ...GAP, missed: undefined, ids: undefined, reason: 'slow' }, [
      'd',
      'b',
      'a',
    ]);
    expect(texts).toEqual(['d', 'b', 'a']);
  });
});
