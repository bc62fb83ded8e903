import { describe, expect, it } from 'vitest';
import { EMPTY_DRAFT, fromEvent, toData, toEvent, type DataRow } from '../../src/app/send/draft';

const row = (key: string, type: DataRow['type'], value: string): DataRow => ({ key, type, value });

describe('toEvent', () => {
  it('leaves fields that are empty to the server', () => {
    expect(toEvent({ ...EMPTY_DRAFT, message: 'hello', source: '' })).toEqual({
      message: 'hello',
      level: 'INFO',
    });
  });

  it('splits tags at commas', () => {
    expect(toEvent({ ...EMPTY_DRAFT, tags: ' payment, test ,,' })).toMatchObject({
      tags: ['payment', 'test'],
    });
  });
});

describe('toData', () => {
  it('converts values to their type', () => {
    const { data, faults } = toData([
      row('a', 'text', '42'),
      row('b', 'number', ' 4.5 '),
      row('c', 'boolean', 'false'),
      row('d', 'null', 'ignored'),
      row('e', 'json', '[1, {"x": "y"}]'),
    ]);
    expect(data).toEqual({ a: '42', b: 4.5, c: false, d: null, e: [1, { x: 'y' }] });
    expect(faults.size).toBe(0);
  });

  it('nests keys with dots and keeps quoted ones', () => {
    const rows = [row('provider.name', 'text', 'acme'), row('provider."a.b"', 'number', '1')];
    expect(toData(rows).data).toEqual({ provider: { name: 'acme', 'a.b': 1 } });
  });

  it('keeps the digits of large whole numbers', () => {
    expect(toData([row('n', 'number', '12345678901234567890')]).data).toEqual({ n: '12345678901234567890' });
  });

  it('treats __proto__ as a key', () => {
    const { data } = toData([row('__proto__.x', 'number', '1')]);
    expect(JSON.stringify(data)).toBe('{"__proto__":{"x":1}}');
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it.each([
    ['noKey', row('', 'text', 'x')],
    ['notNumber', row('a', 'number', 'many')],
    ['notBoolean', row('a', 'boolean', 'yes')],
    ['notJson', row('a', 'json', '{')],
  ] as const)('reports %s', (fault, faulty) => {
    expect(toData([faulty]).faults).toEqual(new Map([[0, fault]]));
  });

  it('reports a key that is taken, and the part of a path', () => {
    const rows = [row('a', 'number', '1'), row('a', 'number', '2'), row('a.b', 'number', '3')];
    expect([...toData(rows).faults]).toEqual([
      [1, 'taken'],
      [2, 'taken'],
    ]);
  });

  it('ignores an empty row', () => {
    expect(toData([row('', 'number', '')])).toEqual({ data: {}, faults: new Map() });
  });
});

describe('fromEvent', () => {
  it('restores what toEvent returned', () => {
    const draft = {
      ...EMPTY_DRAFT,
      message: 'm',
      level: 'ERROR' as const,
      origin: 'o',
      tags: 'a, b',
      timestamp: '2026-03-04T05:06:07Z',
      data: [row('n', 'number', '1'), row('odd key', 'text', 'x'), row('deep', 'json', '{"a":[1]}')],
    };
    const restored = fromEvent(
      toEvent({ ...draft, data: [...draft.data.slice(0, 1), ...draft.data.slice(2)] }),
    );
    expect(restored).toEqual({ ...draft, data: [draft.data[0], draft.data[2]] });
  });

  it.each([
    { message: 1 },
    { message: 'm', unknown: 'x' },
    { message: 'm', tags: ['a,b'] },
    { message: 'm', level: 'FATAL' },
    { message: 'm', data: [] },
  ])('returns undefined for %j, which the form cannot show', (event) => {
    expect(fromEvent(event)).toBeUndefined();
  });
});
