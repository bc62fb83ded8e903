import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { toFittingObject, toJsonObject } from '../../src/event/safe-json';
import { cpuMsOf } from '../support';
import { data } from './arbitraries';

const convert = (value: object): unknown => toJsonObject(value).value;

describe('toJsonObject', () => {
  it('keeps JSON values, including keys such as __proto__', () => {
    fc.assert(
      fc.property(data, (value) => {
        expect(JSON.stringify(convert(value))).toBe(JSON.stringify(value));
        expect(Object.getPrototypeOf(convert(value))).toBe(Object.prototype);
      }),
    );
  });

  it('converts other values to readable JSON', () => {
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

  it('converts an Error with its causes and own fields', () => {
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

  it('cuts a long chain of causes instead of rejecting it', () => {
    let error = new Error('0');
    for (let n = 1; n < 100; n += 1) error = new Error(String(n), { cause: error });
    expect(JSON.stringify(convert({ error }))).toContain('[Too deep]');
  });

  const MIB = 1024 * 1024;
  const large = 'x'.repeat(300_000);
  class Named {
    toJSON() {
      return large;
    }
  }
  it.each<[string, () => unknown]>([
    ['a text', () => large],
    ['many texts', () => Array.from({ length: 60 }, () => 'x'.repeat(5_000))],
    ['a key', () => ({ [large]: 1 })],
    ['keys of a Map', () => new Map([[large, 1]])],
    ['bytes', () => Buffer.alloc(200_000)],
    ['many pieces of bytes', () => Array.from({ length: 60 }, () => Buffer.alloc(200_000))],
    ['an ArrayBuffer', () => new ArrayBuffer(13 * MIB)],
    ['a SharedArrayBuffer', () => new SharedArrayBuffer(13 * MIB)],
    ['a DataView', () => new DataView(new ArrayBuffer(13 * MIB))],
    ['a typed array', () => new Float64Array(13 * MIB)],
    ['bigints', () => new BigInt64Array(13 * MIB)],
    ['a bigint', () => 10n ** 300_000n],
    ['an astronomical bigint', () => 1n << 100_000_000n],
    ['many bigints', () => Array.from({ length: 200 }, () => 10n ** 2_000n)],
    ['a Set', () => new Set(Array.from({ length: 200_000 }, (_, n) => n))],
    ['a Map', () => new Map(Array.from({ length: 200_000 }, (_, n) => [n, n]))],
    ['a Map with objects as keys', () => new Map([[{ large }, 1]])],
    ['a pattern', () => new RegExp(large)],
    ['a boxed text', () => Object(large)],
    ['the answer of toJSON', () => new Named()],
    ['an Error', () => new Error(large)],
    ['an array of holes', () => new Array(1e9)],
  ])('rejects %s of more than 256 KiB of JSON quickly', (_, make) => {
    const value = make();
    const cpuMs = cpuMsOf(() => {
      expect(() => convert({ value })).toThrow(/is larger than 262144 bytes of JSON/);
    });
    expect(cpuMs).toBeLessThan(500);
  });

  it('estimates at least a sixth of the bytes of the JSON', () => {
    const pieces = fc.anything({
      ...{ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true },
      ...{ withSparseArray: true, withNullPrototype: true },
    });
    fc.assert(
      fc.property(pieces, (piece) => {
        const { value, characters } = toJsonObject({ piece });
        expect(Buffer.byteLength(JSON.stringify(value))).toBeLessThanOrEqual(characters * 6);
      }),
    );
  });

  it('converts values from another realm', () => {
    const otherRealm = runInNewContext(
      `({ error: Object.assign(new TypeError('other', { cause: new Error('why') }), { code: 'E' }), date: new Date(0),
        map: new Map([['k', new Set([1])]]), bytes: new Uint8Array([104, 105]), floats: new Float64Array([1.5]),
        pattern: /x/g, boxed: Object('text'), plain: { a: [1] } })`,
    ) as object;
    expect(convert(otherRealm)).toEqual({
      error: {
        name: 'TypeError',
        message: 'other',
        stack: expect.stringContaining('TypeError: other') as string,
        cause: expect.objectContaining({ message: 'why' }) as object,
        code: 'E',
      },
      date: '1970-01-01T00:00:00.000Z',
      map: { k: [1] },
      bytes: 'aGk=',
      floats: [1.5],
      pattern: '/x/g',
      boxed: 'text',
      plain: { a: [1] },
    });
  });

  it('marks cycles and getters that throw', () => {
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

/** Creates collections of size 0 whose iterators end only with an error, after far more elements than data may have. */
function createEndless() {
  let read = 0;
  function* elements(): Generator<number> {
    for (; read < 1_000_000; read += 1) yield read;
    throw new Error('read too far');
  }
  class EndlessSet extends Set<unknown> {
    override [Symbol.iterator] = elements as never;
  }
  class EndlessMap extends Map<unknown, unknown> {
    override *[Symbol.iterator](): MapIterator<[unknown, unknown]> {
      for (const n of elements()) yield [`key ${n}`, n];
      return undefined;
    }
  }
  return { set: new EndlessSet(), map: new EndlessMap(), read: () => read };
}

describe('a value that reports a wrong size', () => {
  it.each(['set', 'map'] as const)('is rejected if it is an endless %s', (kind) => {
    const { [kind]: endless, read } = createEndless();
    expect(() => convert({ endless })).toThrow(/is larger than 262144 bytes/);
    expect(read()).toBeLessThan(150_000);
  });

  it.each(['set', 'map'] as const)('is cut if it is an endless %s', (kind) => {
    const { [kind]: endless, read } = createEndless();
    expect(JSON.stringify(toFittingObject({ endless }))).toContain('[Too large]');
    expect(read()).toBeLessThan(50_000);
  });

  it('is cut if it is a long array without readable elements', () => {
    let read = 0;
    const long = new Proxy([], {
      get(_, key) {
        if (key === 'length') return 1_000_000;
        read += 1;
        throw new Error('closed');
      },
    });
    expect(JSON.stringify(toFittingObject({ long }))).toContain('[Too large]');
    expect(read).toBeLessThan(50_000);
  });

  it('counts the marks of unreadable values', () => {
    const value = {};
    const get = (): never => {
      throw new Error('\0'.repeat(100));
    };
    for (let n = 0; n < 1_000; n += 1) Object.defineProperty(value, `k${n}`, { get, enumerable: true });
    const { value: json, characters } = toJsonObject(value);
    expect(characters * 6).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(json)));
  });
});
