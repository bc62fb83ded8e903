import { describe, expect, it } from 'vitest';
import { createSqliteBroker, createSqliteStore, sqlite } from '../../src/index';

type Factory = (path: unknown, options?: unknown) => unknown;

const FACTORIES: readonly [string, Factory, string][] = [
  ['createSqliteBroker()', createSqliteBroker as Factory, './data/journal.db'],
  ['createSqliteStore()', createSqliteStore as Factory, './data/events.db'],
  ['sqlite()', sqlite as Factory, './data'],
];

function rejection(message: string): unknown {
  return expect.objectContaining({ name: 'VigilantError', code: 'VIGILANT_OPTIONS_INVALID', message });
}

describe.each(FACTORIES)('%s', (name, factory, example) => {
  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [5, '5'],
    ['', '""'],
    [{ path: 'x' }, 'an object'],
    [['x'], 'an array of 1'],
    [() => 'x', 'a function'],
    [Symbol('x'), 'Symbol(x)'],
  ])('rejects the path %s', (path, shown) => {
    const message = `The path of ${name} must be a non-empty string such as "${example}", not ${shown}.`;
    expect(() => factory(path)).toThrow(rejection(message));
  });
});

describe('createSqliteBroker()', () => {
  it.each([
    [null, 'The options of createSqliteBroker() must be an object, not null.'],
    [5, 'The options of createSqliteBroker() must be an object, not 5.'],
    [[], 'The options of createSqliteBroker() must be an object, not an empty array.'],
    [{ maxByte: 5 }, 'Unknown option "maxByte" of createSqliteBroker(). Did you mean "maxBytes"?'],
  ])('rejects the options %j', (options, message) => {
    expect(() => createSqliteBroker('x.db', options as never)).toThrow(rejection(message));
  });

  it.each([
    [1_048_575, '1048575'],
    [2 ** 40 + 1, '1099511627777'],
    [1_048_576.5, '1048576.5'],
    ['1 GiB', '"1 GiB"'],
    [null, 'null'],
  ])('rejects maxBytes of %s', (maxBytes, shown) => {
    const message = `maxBytes must be an integer from 1048576 (1 MiB) to 1099511627776 (1 TiB), not ${shown}.`;
    expect(() => createSqliteBroker('x.db', { maxBytes: maxBytes as never })).toThrow(rejection(message));
  });

  it.each([
    [undefined, 2 ** 30],
    [2 ** 20, 2 ** 20],
    [2 ** 40, 2 ** 40],
  ])('accepts maxBytes of %s', (maxBytes, capacityBytes) => {
    const options = maxBytes === undefined ? {} : { maxBytes };
    expect(createSqliteBroker('x.db', options).status()).toMatchObject({ capacityBytes });
  });
});

describe('sqlite()', () => {
  it.each([
    [null, 'The options of sqlite() must be an object, not null.'],
    ['broker', 'The options of sqlite() must be an object, not "broker".'],
    [{ maxBytes: 2 ** 21 }, 'Unknown option "maxBytes" of sqlite(). Valid options: broker.'],
    [{ broker: null }, 'The option "broker" of sqlite() must be an object, not null.'],
    [
      { broker: { maxByte: 1 } },
      'Unknown option "maxByte" of createSqliteBroker(). Did you mean "maxBytes"?',
    ],
  ])('rejects the options %j', (options, message) => {
    expect(() => sqlite('x', options as never)).toThrow(rejection(message));
  });
});
