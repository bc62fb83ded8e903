import { describe, expect, it } from 'vitest';
import type { ApiEvent } from '../../src/app/api/types';
import { EventList } from '../../src/app/explore/rows/event-list';
import { excludeGroup, isSelectable, showGroup } from '../../src/app/explore/similar/group-query';
import { Grouper, MAX_NEWEST, type Group } from '../../src/app/explore/similar/grouper';
import { SimilarEvents } from '../../src/app/explore/similar/similar-events.svelte';
import { countParts, sparkPath } from '../../src/app/explore/similar/spark';

const START = Date.parse('2026-03-04T05:00:00Z');
const event = (index: number, message: string, fields: Partial<ApiEvent> = {}): ApiEvent =>
  ({
    id: `e${index}`,
    message,
    level: 'INFO',
    source: 'shop',
    timestamp: new Date(START + index * 1_000).toISOString(),
    ...fields,
  }) as ApiEvent;
const group = (fields: Partial<Group>): Group =>
  ({ level: 'ERROR', source: 'shop', text: '', ...fields }) as Group;

describe('Grouper', () => {
  it('groups by level, source and masked message, with counts and times', () => {
    const grouper = new Grouper();
    const events = [
      event(5, 'payment 5 declined', { level: 'ERROR' }),
      event(4, 'payment 4 declined', { level: 'ERROR' }),
      event(3, 'payment 3 declined'),
      event(2, 'payment 2 declined', { source: 'other' }),
      event(1, 'payment 77 declined', { level: 'ERROR' }),
    ];
    for (const [position, each] of events.entries()) grouper.add(each, position, 'older');
    expect(grouper.events).toBe(5);
    expect(grouper.largest(9)).toMatchObject([
      {
        text: 'payment # declined',
        level: 'ERROR',
        count: 3,
        newest: [0, 1, 4],
        first: START + 1_000,
        last: START + 5_000,
      },
      { level: 'INFO', source: 'shop', count: 1 },
      { level: 'INFO', source: 'other', count: 1 },
    ]);
    expect(grouper.largest(1)).toHaveLength(1);
  });

  it('returns the time of the oldest event of all groups, also of those that are not among the largest', () => {
    const grouper = new Grouper();
    for (const [position, text] of ['a', 'a', 'b'].entries())
      grouper.add(event(3 - position, text), position, 'older');
    expect(grouper.largest(1)[0]?.first).toBe(START + 2_000);
    expect(grouper.first).toBe(START + 1_000);
    grouper.clear();
    expect(grouper.first).toBe(Infinity);
  });

  it('keeps the newest events at either end', () => {
    const grouper = new Grouper();
    for (let index = 0; index < 20; index++) grouper.add(event(100 - index, 'x'), index, 'older');
    for (let index = 1; index <= 3; index++) grouper.add(event(100 + index, 'x'), -index, 'newer');
    const newest = grouper.largest(1)[0]?.newest;
    expect(newest).toHaveLength(MAX_NEWEST);
    expect(newest?.slice(0, 5)).toEqual([-3, -2, -1, 0, 1]);
  });
});

describe('showGroup and excludeGroup', () => {
  const declined = group({ text: 'payment # of "…" declined', source: 'a b' });

  it('select the level, the source and the common texts', () => {
    expect(showGroup('level:WARN x', declined)).toBe('x level:ERROR source:"a b" "payment" "of" "declined"');
    expect(excludeGroup('x OR y', declined)).toBe(
      '(x OR y) -(level:ERROR source:"a b" "payment" "of" "declined")',
    );
  });

  it('exclude a group once', () => {
    const once = excludeGroup('', declined);
    expect(excludeGroup(once, declined)).toBe(once);
  });

  it('escape quotes and use the longest of many texts', () => {
    const many = group({ text: 'ab # c"c # ddd # eeee # fffff' });
    expect(showGroup('', many)).toBe('level:ERROR source:shop "c\\"c" "ddd" "eeee" "fffff"');
    expect(showGroup('', group({ text: 'a"b' }))).toBe('level:ERROR source:shop "a\\"b"');
  });

  it('are not offered for messages without a common text', () => {
    expect([isSelectable(group({ text: '#: "…"' })), isSelectable(declined)]).toEqual([false, true]);
  });
});

describe('countParts', () => {
  it('counts times in parts of a range, those outside at its ends', () => {
    expect(countParts([-5, 0, 9, 10, 25, 39, 40, 99], { from: 0, to: 40 }, 4)).toEqual([3, 1, 1, 3]);
    expect(countParts([5], { from: 5, to: 5 }, 2)).toEqual([1, 0]);
  });
});

describe('sparkPath', () => {
  it('draws a bar for each part with an event', () => {
    expect(sparkPath([0, 4, 1], 12, 8)).toBe('M4 8v-8h3v8zM8 8v-2h3v2z');
  });
});

describe('SimilarEvents', () => {
  const events = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => event(from - index, `job ${from - index} done`));
  const rows = (list: readonly ApiEvent[]) =>
    list.map((each) => ({ kind: 'event' as const, id: each.id, event: each }));
  const create = (waits: number[] = []) =>
    new SimilarEvents({
      yieldToPage: () => Promise.resolve(),
      wait: (ms) => Promise.resolve(void waits.push(ms)),
    });

  it('groups a list of any length, in parts', async () => {
    const list = new EventList();
    list.replace(events(20_000, 10_000));
    const similar = create();
    const done = similar.follow(list);
    expect([similar.isGrouping, similar.eventCount]).toEqual([true, 2_000]);
    await done;
    expect(similar.groups).toMatchObject([{ text: 'job # done', count: 10_000 }]);
    expect([similar.isGrouping, similar.groupCount]).toEqual([false, 1]);
  });

  it('adds older and newer rows to the groups, also while it groups', async () => {
    const list = new EventList();
    list.replace(events(10_000, 5_000));
    const similar = create();
    const done = similar.follow(list);
    list.append(events(5_000, 500));
    void similar.follow(list);
    await done;
    list.prepend(rows(events(10_003, 3)));
    await similar.follow(list);
    expect(similar.eventCount).toBe(5_503);
    expect(
      similar.groups[0]?.newest.slice(0, 4).map((position) => list.at(position - list.first)?.id),
    ).toEqual(['e10003', 'e10002', 'e10001', 'e10000']);
  });

  it('starts over with the rows of another search', async () => {
    const list = new EventList();
    list.replace(events(100, 100));
    const similar = create();
    await similar.follow(list);
    list.replace(events(100, 50));
    similar.restart();
    await similar.follow(list);
    expect(similar.eventCount).toBe(50);
    list.replace([]);
    similar.restart();
    await similar.follow(list);
    expect([similar.eventCount, similar.groups]).toEqual([0, []]);
  });

  it('continues while the oldest rows leave a full list', async () => {
    const list = new EventList(() => {}, 3_000);
    list.replace(events(3_000, 3_000));
    const waits: number[] = [];
    const similar = create(waits);
    await similar.follow(list);
    list.prepend(rows(events(3_002, 2)));
    await similar.follow(list);
    expect([similar.eventCount, waits]).toEqual([3_002, []]);
  });

  it('groups again, after a while, if rows were replaced', async () => {
    const list = new EventList();
    list.replace(events(5_000, 5_000));
    const waits: number[] = [];
    const similar = create(waits);
    await similar.follow(list);
    list.replaceRow('e4000', [event(90_001, 'other'), event(90_002, 'another')]);
    await similar.follow(list);
    expect([similar.eventCount, waits]).toEqual([5_001, [1_000]]);
  });

  it('shows more groups on request', async () => {
    const list = new EventList();
    const word = (index: number): string =>
      String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26));
    list.replace(Array.from({ length: 80 }, (_, index) => event(index, word(index))));
    const similar = create();
    await similar.follow(list);
    expect([similar.groups.length, similar.groupCount]).toEqual([50, 80]);
    similar.showMore();
    expect(similar.groups.length).toBe(80);
  });

  it('stops when it is closed', async () => {
    const list = new EventList();
    list.replace(events(10_000, 10_000));
    const similar = create();
    const done = similar.follow(list);
    similar.close();
    await done;
    expect(similar.eventCount).toBe(2_000);
  });
});
