import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiEvent } from '../../src/app/api/types';
import { EventList, type GapRow, type Row } from '../../src/app/explore/rows/event-list';
import { scrollTopFor, visibleRows } from '../../src/app/explore/rows/window';

const event = (id: string): ApiEvent => ({ id }) as ApiEvent;
const row = (id: string): Row => ({ kind: 'event', id, event: event(id) });
const GAP: GapRow = {
  kind: 'gap',
  id: 'gap',
  reason: 'slow',
  since: '2026-03-04T10:31:00.000Z',
  until: '2026-03-04T10:31:01.000Z',
};
const ids = (list: EventList): string[] => list.slice(0, list.length).map(({ id }) => id);

describe('EventList', () => {
  it('contains each id once, and finds every row', () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.uniqueArray(fc.nat(30).map(String), { maxLength: 8 })), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const list = new EventList(() => {}, 20);
        for (const [isNewer, some] of all) {
          if (isNewer) list.prepend(some.map(row));
          else list.append(some.map(event));
          const present = ids(list);
          expect(new Set(present).size).toBe(present.length);
          expect(present.length).toBeLessThanOrEqual(20);
          for (const [index, id] of present.entries()) expect(list.indexOf(id)).toBe(index);
        }
      }),
    );
  });

  it('forgets ids of rows that left, so that they are not found', () => {
    const list = new EventList(() => {}, 2);
    list.append([event('a'), event('b')]);
    expect(list.prepend([row('c')])).toBe(1);
    expect(ids(list)).toEqual(['c', 'a']);
    expect(list.indexOf('b')).toBe(-1);
  });

  it('tells by how much the rows have moved', () => {
    const list = new EventList();
    list.append([event('a')]);
    const before = list.first;
    list.prepend([row('b'), row('c'), row('a')]);
    expect(before - list.first).toBe(2);
  });

  it('replaces a gap by its events, without repeating one', () => {
    const list = new EventList();
    list.append([event('a'), event('c')]);
    list.prepend([row('z'), GAP]);
    list.replaceRow('gap', [event('y'), event('a')]);
    expect(ids(list)).toEqual(['z', 'y', 'a', 'c']);
    expect(list.indexOf('c')).toBe(3);
  });

  it('finds the next row in a direction', () => {
    const list = new EventList();
    list.append(['a', 'b', 'c'].map(event));
    expect(list.find(-1, 1, ({ id }) => id === 'c')).toBe(2);
    expect(list.find(2, -1, ({ id }) => id === 'a')).toBe(0);
    expect(list.find(0, -1, () => true)).toBe(-1);
  });
});

describe('visibleRows', () => {
  it('covers the viewport and stays within the rows', () => {
    const any = fc.record({
      scrollTop: fc.integer({ min: -100, max: 1e6 }),
      viewport: fc.nat(2_000),
      height: fc.constantFrom(20, 24, 32, 48),
      count: fc.nat(250_000),
    });
    fc.assert(
      fc.property(any, ({ scrollTop, viewport, height, count }) => {
        const { start, end } = visibleRows(scrollTop, viewport, height, count);
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(count);
        expect(end - start).toBeLessThanOrEqual(Math.ceil(viewport / height) + 1 + 40);
        const first = Math.floor(Math.max(0, scrollTop) / height);
        const last = Math.min(count - 1, Math.floor((Math.max(0, scrollTop) + viewport) / height));
        for (const index of [first, last])
          if (index < count && first < count) expect(index >= start && index < end).toBe(true);
      }),
    );
  });
});

describe('scrollTopFor', () => {
  it.each([
    ['above', 2, 100, 48],
    ['below', 20, 0, 404],
    ['visible', 5, 100, 100],
  ])('shows a row %s', (_, index, scrollTop, expected) => {
    expect(scrollTopFor(index, scrollTop, 100, 24)).toBe(expected);
  });
});
