import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange } from '../../src/app/time/parse-range';
import { absolute, shiftRange, zoomRange, type TimeRange } from '../../src/app/time/range';
import { fieldsOf, timeOf } from '../../src/app/time/zone';

const NOW = Date.parse('2026-11-27T10:31:30Z');
const bounds = (text: string, zone = 'UTC'): string => {
  const range = parseRange(text, NOW, zone);
  return range?.kind === 'absolute' ? `${range.since} ${range.until}` : JSON.stringify(range ?? null);
};

describe('parseRange', () => {
  it.each([
    ['15m', '{"kind":"relative","last":"15m"}'],
    ['last 2h', '{"kind":"relative","last":"2h"}'],
    ['now-3d', '{"kind":"relative","last":"3d"}'],
    ['last 3 hours', '{"kind":"relative","last":"3h"}'],
    ['30 min', '{"kind":"relative","last":"30m"}'],
    ['-15m', '{"kind":"relative","last":"15m"}'],
    ['250 milliseconds', '{"kind":"relative","last":"250ms"}'],
    ['2 Weeks', '{"kind":"relative","last":"2w"}'],
    ['all', '{"kind":"all"}'],
    ['yesterday', '2026-11-26T00:00:00.000Z 2026-11-27T00:00:00.000Z'],
    ['yesterday 9-10', '2026-11-26T09:00:00.000Z 2026-11-26T10:00:00.000Z'],
    ['today 9:30 - 10:15:30', '2026-11-27T09:30:00.000Z 2026-11-27T10:15:30.000Z'],
    ['9-10', '2026-11-27T09:00:00.000Z 2026-11-27T10:00:00.000Z'],
    ['23-1', '2026-11-27T23:00:00.000Z 2026-11-28T01:00:00.000Z'],
    ['2026-03-04', '2026-03-04T00:00:00.000Z 2026-03-05T00:00:00.000Z'],
    ['2026-03-04 9-10', '2026-03-04T09:00:00.000Z 2026-03-04T10:00:00.000Z'],
    ['2026-03-04 - 2026-03-06', '2026-03-04T00:00:00.000Z 2026-03-06T00:00:00.000Z'],
    ['2026-03-04T05:06:07+01:00 to now', '2026-03-04T04:06:07.000Z 2026-11-27T10:31:30.000Z'],
    ['yesterday 9', '2026-11-26T08:59:30.000Z 2026-11-26T09:00:30.000Z'],
    ['2026-03-04T05:06:07Z', '2026-03-04T05:05:37.000Z 2026-03-04T05:06:37.000Z'],
    ['1772600767..1772600768000', '2026-03-04T05:06:07.000Z 2026-03-04T05:06:08.000Z'],
    ['1772600767000250 - 1772600768000000000', '2026-03-04T05:06:07.000Z 2026-03-04T05:06:08.000Z'],
  ])('reads %s', (text, expected) => expect(bounds(text)).toBe(expected));

  it.each([
    '',
    'soon',
    '5',
    '25-26',
    '2026-02-30',
    '15',
    '2026-03-06 - 2026-03-04',
    '0m',
    '3 months',
    'last',
    '-',
  ])('rejects %j', (text) => expect(bounds(text)).toBe('null'));

  it('reads days in the zone, also where clocks change', () => {
    expect(bounds('2026-10-25', 'Europe/Berlin')).toBe('2026-10-24T22:00:00.000Z 2026-10-25T23:00:00.000Z');
    expect(bounds('yesterday 9-10', 'Europe/Berlin')).toBe(
      '2026-11-26T08:00:00.000Z 2026-11-26T09:00:00.000Z',
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseRange(text, NOW, 'UTC')));
  });
});

describe('timeOf', () => {
  it('inverts fieldsOf in every zone', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu');
    const seconds = fc.integer({ min: -2e9, max: 4e9 });
    fc.assert(
      fc.property(seconds, zones, (second, zone) => {
        const fields = fieldsOf(second * 1_000, zone);
        expect(fieldsOf(timeOf(fields, zone), zone)).toEqual(fields);
      }),
    );
  });
});

describe('shiftRange', () => {
  const at = (from: number, to: number, last?: string) => absolute({ from: NOW + from, to: NOW + to }, last);

  it('moves by half the width', () => {
    expect(shiftRange(at(-100, -50), -1, NOW)).toEqual(at(-125, -75));
    expect(shiftRange(at(-100, -50), 1, NOW)).toEqual(at(-75, -25));
  });

  it('does not move beyond now', () => expect(shiftRange(at(-50, -10), 1, NOW)).toEqual(at(-40, 0)));

  it('returns to the relative range that it came from', () => {
    const hour: TimeRange = { kind: 'relative', last: '1h' };
    const earlier = shiftRange(hour, -1, NOW);
    expect(earlier).toEqual(at(-5_400_000, -1_800_000, '1h'));
    expect(shiftRange(shiftRange(earlier, 1, NOW + 5_000), 1, NOW + 5_000)).toEqual(hour);
  });

  it('moves a range that is in the future already', () => {
    expect(shiftRange(at(100, 200), 1, NOW)).toEqual(at(150, 250));
  });

  it('leaves all times as they are', () =>
    expect(shiftRange({ kind: 'all' }, 1, NOW)).toEqual({ kind: 'all' }));
});

describe('zoomRange', () => {
  const at = (from: number, to: number, last?: string) => absolute({ from: NOW + from, to: NOW + to }, last);

  it('halves and doubles the width around the middle', () => {
    expect(zoomRange(at(-1_000, -600), 'in', NOW)).toEqual(at(-900, -700));
    expect(zoomRange(at(-1_000, -600), 'out', NOW)).toEqual(at(-1_200, -400));
  });

  it('does not reach beyond now', () => {
    expect(zoomRange({ kind: 'relative', last: '1h' }, 'out', NOW)).toEqual(at(-7_200_000, 0, '1h'));
  });
});
