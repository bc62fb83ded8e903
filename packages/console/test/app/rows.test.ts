import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiEvent } from '../../src/app/api/types';
import { EventList, type GapRow, type Row } from '../../src/app/explore/rows/event-list';
import { scrollTopFor, visibleRows } from '../../src/app/explore/rows/window';

const TIMESTAMP = '2026-03-04T10:31:00.000250Z';
const event = (id: string, timestamp = TIMESTAMP): ApiEvent => ({ id, timestamp }) as ApiEvent;
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
  it('contains each id once, finds every row, and evicts rows at the other end', () => {
    const change = fc.tuple(
      fc.constantFrom('append', 'prepend', 'replace'),
      fc.uniqueArray(fc.nat(30).map(String), { maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 10 }), (changes) => {
        const list = new EventList(() => {}, 20);
        let expected: string[] = [];
        for (const [kind, some] of changes) {
          const added = some.filter((id) => !expected.includes(id));
          if (kind === 'append') {
            list.append(some.map((id) => event(id)));
            expected = [...expected, ...added].slice(-20);
          } else if (kind === 'prepend') {
            list.prepend(some.map(row));
            expected = [...added, ...expected].slice(0, 20);
          } else {
            list.replace(some.map((id) => event(id)));
            expected = some;
          }
          expect(ids(list)).toEqual(expected);
          for (const [index, id] of expected.entries()) expect(list.indexOf(id)).toBe(index);
        }
      }),
    );
  });

  it('does not find rows that were evicted', () => {
    const list = new EventList(() => {}, 2);
    list.append([event('a'), event('b')]);
    list.prepend([row('c')]);
    expect(list.indexOf('b')).toBe(-1);
    list.append([event('d')]);
    expect(list.indexOf('c')).toBe(-1);
    expect(ids(list)).toEqual(['a', 'd']);
  });

  it('keeps the position of each row while others are added and evicted', () => {
    const list = new EventList(() => {}, 3);
    const position = () => list.first + list.indexOf('b');
    list.append([event('a'), event('b')]);
    const before = position();
    list.prepend([row('z')]);
    list.append([event('c'), event('d')]);
    expect(ids(list)).toEqual(['b', 'c', 'd']);
    expect(position()).toBe(before);
  });

  it('counts the rows that were evicted at the start, until all rows are replaced', () => {
    const list = new EventList(() => {}, 2);
    list.append(['a', 'b', 'c', 'd'].map((id) => event(id)));
    expect(list.evictedNewer).toBe(2);
    list.replace([event('a')]);
    expect(list.evictedNewer).toBe(0);
  });

  it('returns a time after all rows that were evicted at the end, once', () => {
    const list = new EventList(() => {}, 1);
    list.append([event('late', '2026-03-04T10:31:09.000999Z')]);
    list.prepend([row('a')]);
    list.prepend([row('b')]);
    expect(list.evictedUntil).toBe(Date.parse('2026-03-04T10:31:09.001Z'));
    expect(list.takeEvictedUntil()).toBe(Date.parse('2026-03-04T10:31:09.001Z'));
    expect(list.takeEvictedUntil()).toBeUndefined();
  });

  it('evicts a gap at the end together with the rows below it', () => {
    const list = new EventList(() => {}, 3);
    list.append([event('a')]);
    list.prepend([row('b'), GAP]);
    list.prepend([row('c')]);
    expect(ids(list)).toEqual(['c', 'b']);
    expect(list.evictedUntil).toBe(Date.parse(GAP.until));
  });

  it('counts its events, but not its gaps', () => {
    const list = new EventList(() => {}, 4);
    list.append([event('a'), event('b')]);
    list.prepend([row('z'), GAP]);
    expect([list.length, list.eventCount]).toEqual([4, 3]);
    list.replaceRow('gap', [event('y')], [{ ...GAP, id: 'rest' }]);
    expect([list.length, list.eventCount]).toEqual([4, 3]);
    list.prepend([row('w'), row('x')]);
    expect([list.length, list.eventCount]).toEqual([4, 4]);
    list.prepend([GAP]);
    list.replace([event('a')]);
    expect([list.length, list.eventCount]).toEqual([1, 1]);
  });

  it('reports by how many places the rows have moved', () => {
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

  it('evicts the oldest rows when a gap is replaced by more events than there is room for', () => {
    const list = new EventList(() => {}, 3);
    list.append([event('a')]);
    list.prepend([row('z'), GAP]);
    list.replaceRow('gap', [event('y'), event('x')]);
    expect(ids(list)).toEqual(['z', 'y', 'x']);
    expect(list.evictedUntil).toBe(Date.parse('2026-03-04T10:31:00.001Z'));
  });

  it('finds the next row in a direction', () => {
    const list = new EventList();
    list.append(['a', 'b', 'c'].map((id) => event(id)));
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
