import { describe, expect, it } from 'vitest';
import { createMysqlStore } from '../src/index';
import type { MysqlStoreOptions } from '../src/index';

describe('the options of a MySQL store', () => {
  const refusals: readonly [string, unknown, RegExp][] = [
    ['null', null, /The options of createMysqlStore\(\) must be an object, not null/],
    ['a null tls', { tls: null }, /tls must be an object, not null/],
    ['a host that is no text', { host: 5 }, /host must be a string of 1 to 1000 characters, not 5/],
    [
      'an unknown key',
      { pasword: 'x' },
      /Unknown option "pasword" of createMysqlStore\(\)\. Did you mean "password"\?/,
    ],
    ['an unknown key of tls', { tls: { cert: '', chain: '' } }, /Unknown option "chain" of tls/],
    ['a url and a part of it', { url: 'mysql://a', port: 1 }, /port is given beside url/],
    ['a socket and a host', { socketPath: '/s', host: 'a' }, /socketPath is given beside/],
    ['a url of another kind', { url: 'postgres://a/b' }, /url must look like mysql:/],
    ['a url with settings', { url: 'mysql://a/b?ssl=true' }, /options of their own/],
    ['a url with a broken escape', { url: 'mysql://a:%zz@b/c' }, /percent-encoded/],
    ['a name that would need quoting', { database: 'a`b' }, /database must be/],
    ['a prefix that would need quoting', { tablePrefix: 'a-b' }, /tablePrefix must have/],
    ['a port out of range', { port: 70_000 }, /port must be an integer from 1 to 65535, not 70000/],
    ['a number that is no integer', { maxConnections: 1.5 }, /maxConnections must be an integer/],
  ];
  for (const [what, options, message] of refusals)
    it(`refuse ${what}`, () => {
      expect(() => createMysqlStore(options as MysqlStoreOptions)).toThrow(
        expect.objectContaining({
          code: 'VIGILANT_OPTIONS_INVALID',
          message: expect.stringMatching(message) as string,
        }),
      );
    });

  it('never show a password', () => {
    for (const options of [
      { url: 'mysql://u:hunter2@/x y' },
      { url: 'mysql://u:hunter2@h/d?x=1' },
      { password: 1234567 },
    ])
      try {
        createMysqlStore(options as MysqlStoreOptions);
        expect.unreachable();
      } catch (error) {
        expect(String(error)).not.toMatch(/hunter2|1234567/);
      }
  });

  it('are no reason to connect before open', () => {
    expect(createMysqlStore({ url: 'mariadb://u:p%40ss@[::1]:1/d', maxConnections: 2 }).capabilities).toEqual(
      {
        durability: 'disk',
        shared: true,
        filtering: 'exact',
      },
    );
  });
});
