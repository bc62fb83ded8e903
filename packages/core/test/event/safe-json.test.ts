import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { toJsonObject } from '../../src/event/safe-json';
import { data } from './arbitraries';

const convert = (value: object): unknown => toJsonObject(value).value;

describe('toJsonObject', () => {
  it('keeps what JSON holds, keys such as __proto__ too', () => {
    fc.assert(
      fc.property(data, (value) => {
        expect(JSON.stringify(convert(value))).toBe(JSON.stringify(value));
        expect(Object.getPrototypeOf(convert(value))).toBe(Object.prototype);
      }),
    );
  });

  it('makes readable what JSON does not hold', () => {
    const shared = { a: 1 };
    class Point {
      constructor(readonly x: number) {}
      get broken(): never {
        throw new Error('never');
      }
    }
    expect(
      convert({
        big: 12345678901234567890n,
        date: new Date(0),
        noDate: new Date(NaN),
        map: new Map<string, unknown>([['k', new Set([1, 2])]]),
        pairs: new Map([[{ k: 1 }, 'v']]),
        nan: NaN,
        infinite: -Infinity,
        negativeZero: -0,
        undefined: undefined,
        fn: () => 1,
        symbol: Symbol('s'),
        list: [undefined, () => 1, 1],
        bytes: Buffer.from('hi'),
        floats: new Float32Array([1.5]),
        pattern: /x/g,
        url: new URL('http://example.com/a'),
        point: new Point(3),
        again: [shared, shared],
        boxed: Object('text'),
        own: { toJSON: () => ({ seen: true }) },
      }),
    ).toEqual({
      big: '12345678901234567890',
      date: '1970-01-01T00:00:00.000Z',
      noDate: 'Invalid Date',
      map: { k: [1, 2] },
      pairs: [[{ k: 1 }, 'v']],
      nan: 'NaN',
      infinite: '-Infinity',
      negativeZero: 0,
      list: [null, null, 1],
      bytes: 'aGk=',
      floats: [1.5],
      pattern: '/x/g',
      url: 'http://example.com/a',
      point: { x: 3 },
      again: [{ a: 1 }, { a: 1 }],
      boxed: 'text',
      own: { seen: true },
    });
  });

  it('keeps an Error readable, with causes and own fields', () => {
    const error = Object.assign(new TypeError('outer', { cause: new Error('inner') }), { code: 'E_OUT' });
    expect(convert({ error })).toMatchObject({
      error: {
        name: 'TypeError',
        message: 'outer',
        stack: expect.stringContaining('outer') as string,
        code: 'E_OUT',
        cause: { name: 'Error', message: 'inner' },
      },
    });
    expect(convert(new AggregateError([new Error('one')], 'many'))).toMatchObject({
      message: 'many',
      errors: [{ message: 'one' }],
    });
  });

  it('bounds a chain of causes instead of refusing it', () => {
    let error = new Error('0');
    for (let n = 1; n < 100; n += 1) error = new Error(String(n), { cause: error });
    expect(JSON.stringify(convert({ error }))).toContain('[Too deep]');
  });

  it('marks cycles and what throws', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const holder = {
      cycle,
      get thrower(): never {
        throw new Error('no entry');
      },
      proxy: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('closed');
          },
        },
      ),
      json: {
        toJSON: () => {
          throw new Error('no json');
        },
      },
    };
    expect(convert(holder)).toEqual({
      cycle: { self: '[Circular]' },
      thrower: '[Unreadable: no entry]',
      proxy: '[Unreadable: closed]',
      json: '[Unreadable: no json]',
    });
  });
});
