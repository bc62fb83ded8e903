import { describe, expect, it } from 'vitest';
import type { ApiEvent } from '../../src/app/api/types';
import type { GapRow, Row } from '../../src/app/explore/rows/event-list';
import { Feed, type FeedOptions } from '../../src/app/live/feed';

const START = Date.parse('2026-03-04T10:31:00Z');

function createFeed(options: Partial<FeedOptions> = {}) {
  let now = START;
  const feed = new Feed({ isKnown: () => false, now: () => now, ...options });
  let count = 0;
  const send = (events: number, level: ApiEvent['level'] = 'INFO'): void => {
    for (let index = 0; index < events; index++)
      feed.takeEvent({
        id: `e${count++}`,
        level,
        timestamp: new Date(now).toISOString(),
      } as ApiEvent);
  };
  return { feed, send, wait: (ms: number) => (now += ms) };
}

const texts = (rows: readonly Row[]): readonly string[] =>
  rows.map((row) => (row.kind === 'event' ? row.id : `${row.reason} ${row.missed}`));

const countOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, row) => sum + (row.kind === 'event' ? 1 : (row.missed ?? 0)), 0);

describe('Feed', () => {
  it('returns rows newest first, and each once', () => {
    const { feed, send } = createFeed();
    send(2);
    expect(texts(feed.drain())).toEqual(['e1', 'e0']);
    expect(feed.drain()).toEqual([]);
    expect(feed.isPending).toBe(false);
  });

  it('ignores events that are rows already or that the server repeats', () => {
    const { feed, send } = createFeed({ isKnown: (id) => id === 'e0' });
    send(2);
    feed.takeEvent({ id: 'e1', level: 'INFO', timestamp: new Date(START).toISOString() } as ApiEvent);
    expect(texts(feed.drain())).toEqual(['e1']);
  });

  it('counts what exceeds the rate in one gap per second', () => {
    const { feed, send, wait } = createFeed({ maxRate: 3 });
    send(5);
    expect(texts(feed.drain())).toEqual(['e2', 'e1', 'e0']);
    expect(feed.isPending).toBe(true);
    wait(1_000);
    send(1);
    expect(texts(feed.drain())).toEqual(['e5', 'fast 2']);
  });

  it('returns the gap of a burst when its second is over, without a further event', () => {
    const { feed, send, wait } = createFeed({ maxRate: 1 });
    send(3);
    feed.drain();
    wait(1_000);
    expect(texts(feed.drain())).toEqual(['fast 2']);
    expect(feed.isPending).toBe(false);
  });

  it('records the ids and the time of a gap', () => {
    const { feed, send, wait } = createFeed({ maxRate: 1 });
    send(2);
    wait(500);
    send(1);
    wait(500);
    const [gap] = feed.drain() as readonly GapRow[];
    expect(gap).toMatchObject({
      ids: ['e1', 'e2'],
      since: '2026-03-04T10:31:00.000Z',
      until: '2026-03-04T10:31:00.501Z',
    });
  });

  it('does not lose or repeat an event in a flood', () => {
    const { feed, send, wait } = createFeed({ maxRate: 500 });
    const rows: Row[] = [];
    for (let frame = 0; frame < 400; frame++) {
      send(83);
      wait(16);
      rows.push(...feed.drain());
    }
    wait(1_000);
    rows.push(...feed.drain());
    expect(countOf(rows)).toBe(400 * 83);
    expect(rows.length).toBeLessThan(501 * 8);
  });

  it('counts in a gap what arrives while too many rows wait', () => {
    const { feed, send } = createFeed({ maxWaiting: 2 });
    send(4, 'ERROR');
    expect(feed.waiting).toEqual({ events: 4, errors: 4 });
    expect(texts(feed.drain())).toEqual(['e1', 'e0']);
    expect(feed.waiting).toEqual({ events: 0, errors: 0 });
  });

  it('keeps the number of a gap when it discards its ids', () => {
    const { feed, send, wait } = createFeed({ maxRate: 0 });
    send(1);
    wait(1_000);
    const [first] = feed.drain() as readonly GapRow[];
    send(100_000);
    expect(first).toMatchObject({ missed: 1, ids: [] });
  });
});

describe('Feed after an interruption', () => {
  it('shows the interruption once the server continues without a gap', () => {
    const { feed, send, wait } = createFeed();
    send(1);
    feed.lose();
    wait(5_000);
    feed.lose();
    feed.resume();
    expect(texts(feed.drain())).toEqual(['e0']);
    send(1);
    const rows = feed.drain();
    expect(texts(rows)).toEqual(['e1', 'reconnect 0']);
    expect(rows[1]).toMatchObject({ since: '2026-03-04T10:31:00.000Z', until: '2026-03-04T10:31:05.000Z' });
  });

  it('shows the interruption after a checkpoint when no event arrives', () => {
    const { feed } = createFeed();
    feed.lose();
    feed.resume();
    feed.takeCheckpoint();
    expect(texts(feed.drain())).toEqual(['reconnect 0']);
  });

  it('shows the gap of the server in place of the interruption', () => {
    const { feed, send, wait } = createFeed();
    feed.lose();
    wait(2_000);
    feed.resume();
    feed.takeGap({ reason: 'epoch' });
    send(1);
    const rows = feed.drain();
    expect(texts(rows)).toEqual(['e0', 'epoch undefined']);
    expect(rows[1]).toMatchObject({ since: '2026-03-04T10:31:00.000Z', until: '2026-03-04T10:31:02.000Z' });
  });

  it('shows a gap of the server while connected, from the last event on', () => {
    const { feed, send, wait } = createFeed();
    send(1);
    wait(3_000);
    feed.takeGap({ reason: 'slow', missed: 7 });
    const rows = feed.drain();
    expect(texts(rows)).toEqual(['slow 7', 'e0']);
    expect(rows[0]).toMatchObject({ since: '2026-03-04T10:31:00.000Z', until: '2026-03-04T10:31:03.000Z' });
  });
});
