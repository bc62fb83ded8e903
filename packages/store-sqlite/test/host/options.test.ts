import { readdirSync } from 'node:fs';
import { createTestContext } from '@vigilant/conformance';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqliteBroker, createSqliteStore, sqlite } from '../../src/index';
import { createFolder } from '../support/folder';

type Factory = (path: unknown, ...rest: readonly unknown[]) => unknown;

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

  it('rejects a path with a NUL character', () => {
    const message = `The path of ${name} must be a string without NUL characters, not "a\\0b".`;
    expect(() => factory('a\0b')).toThrow(rejection(message));
  });

  it.each([':memory:', ':MEMORY:'])('rejects the path %s and names the memory adapters', (path) => {
    const message =
      `The path of ${name} must be a file, not "${path}". To keep events in memory, ` +
      'use createMemoryBroker() and createMemoryStore() of @vigilant/core.';
    expect(() => factory(path)).toThrow(rejection(message));
  });

  it('rejects a file URL', () => {
    const message = `The path of ${name} must be a path without "file:", not "file:./data/x.db".`;
    expect(() => factory('file:./data/x.db')).toThrow(rejection(message));
  });
});

describe('createSqliteStore()', () => {
  it('declares that the store is on the disk, shared, and filters exactly', () => {
    const { capabilities } = createSqliteStore('x.db');
    expect(capabilities).toEqual({ durability: 'disk', shared: true, filtering: 'exact' });
  });

  it('declares that a store opened for reading is read-only', () => {
    const { capabilities } = createSqliteStore('x.db', { readOnly: true });
    expect(capabilities).toEqual({ durability: 'disk', shared: true, filtering: 'exact', readOnly: true });
  });

  it('rejects a third argument', () => {
    const create = createSqliteStore as Factory;
    const message = 'createSqliteStore() accepts only the arguments path and options, not 3 arguments.';
    expect(() => create('x.db', {}, {})).toThrow(rejection(message));
  });

  it.each([
    [null, 'The options of createSqliteStore() must be an object, not null.'],
    [
      { maxBytes: 2 ** 21 },
      'Unknown option "maxBytes" of createSqliteStore(). Valid options: readOnly, driver.',
    ],
    [{ readonly: true }, 'Unknown option "readonly" of createSqliteStore(). Did you mean "readOnly"?'],
    [{ readOnly: 'yes' }, 'readOnly must be true or false, not "yes".'],
  ])('rejects the options %j', (options, message) => {
    expect(() => createSqliteStore('x.db', options as never)).toThrow(rejection(message));
  });
});

describe('createSqliteBroker()', () => {
  it('declares that the broker is on the disk and shared', () => {
    expect(createSqliteBroker('x.db').capabilities).toEqual({ durability: 'disk', shared: true });
  });

  it('rejects a third argument', () => {
    const create = createSqliteBroker as Factory;
    const message = 'createSqliteBroker() accepts only the arguments path and options, not 3 arguments.';
    expect(() => create('x.db', {}, {})).toThrow(rejection(message));
  });

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
  it('rejects a third argument', () => {
    const message = 'sqlite() accepts only the arguments folder and options, not 3 arguments.';
    expect(() => (sqlite as Factory)('x', {}, {})).toThrow(rejection(message));
  });

  it.each([
    [null, 'The options of sqlite() must be an object, not null.'],
    ['broker', 'The options of sqlite() must be an object, not "broker".'],
    [
      { maxBytes: 2 ** 21 },
      'Unknown option "maxBytes" of sqlite(). Valid options: broker, driver, readOnly.',
    ],
    [{ broker: null }, 'broker must be an object, not null.'],
    [{ readOnly: 1 }, 'readOnly must be true or false, not 1.'],
    [
      { readOnly: true, broker: {} },
      'broker must be absent, because the store is read-only and no event could be stored. Remove the broker, or open the store for writing.',
    ],
    [{ broker: { maxByte: 1 } }, 'Unknown option "maxByte" of broker. Did you mean "maxBytes"?'],
    [
      { broker: { maxBytes: 'x' } },
      'broker.maxBytes must be an integer from 1048576 (1 MiB) to 1099511627776 (1 TiB), not "x".',
    ],
  ])('rejects the options %j', (options, message) => {
    expect(() => sqlite('x', options as never)).toThrow(rejection(message));
  });
});

describe.each([
  ['SqliteBroker', createSqliteBroker],
  ['SqliteStore', createSqliteStore],
])('open() of %s', (_, create) => {
  const { clock, diagnostics, signal, decodeEvent } = createTestContext();
  it.each([
    ['no context', undefined, 'The context of open() must be an object, not undefined.'],
    ['null', null, 'The context of open() must be an object, not null.'],
    ['no clock', { diagnostics, signal, decodeEvent }, 'context.clock must be a Clock, not undefined.'],
    [
      'an incomplete clock',
      { clock: { now: Date.now }, diagnostics, signal, decodeEvent },
      'context.clock must be a Clock but lacks the method monotonic().',
    ],
    [
      'a wrong signal',
      { clock, diagnostics, signal: {}, decodeEvent },
      'context.signal must be an AbortSignal but lacks the method addEventListener().',
    ],
    [
      'no diagnostics',
      { clock, signal, decodeEvent },
      'context.diagnostics must be a function, not undefined.',
    ],
  ])('rejects %s before it creates a folder', async (_case, context, message) => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    const adapter = create(folder.file('new/x.db'));
    await expect(adapter.open(context as never)).rejects.toEqual(rejection(message));
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
