import type { Violation } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { resolveMysqlOptions } from '../../src/connection/mysql-options';
import { createMysqlStore } from '../../src/index';
import type { MysqlStoreOptions } from '../../src/index';

const SECRET = 'hunter2';

const URL_REASON =
  'must be a string such as mysql://user:password@host:3306/database, with special characters percent-encoded';

function errorOf(options: unknown): unknown {
  try {
    createMysqlStore(options as MysqlStoreOptions);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('createMysqlStore', () => {
  it.each<[string, unknown, string]>([
    ['null', null, 'The options of createMysqlStore() must be an object, not null.'],
    [
      'an unknown option',
      { pasword: 'x' },
      'Unknown option "pasword" of createMysqlStore(). Did you mean "password"?',
    ],
    ['an unknown option of tls', { tls: { cert: '', chain: '' } }, 'Unknown option "chain" of tls. '],
    ['a null tls', { tls: null }, 'tls must be an object, not null.'],
    ['a certificate that is not PEM', { tls: { ca: 5 } }, 'tls.ca must be a string or a Buffer with PEM.'],
    [
      'a wrong tls.rejectUnauthorized',
      { tls: { rejectUnauthorized: 'no' } },
      'tls.rejectUnauthorized must be true or false, not "no".',
    ],
    [
      'a certificate without PEM',
      { tls: { ca: 'ca.pem' } },
      'tls.ca must be PEM, which contains "-----BEGIN ".',
    ],
    [
      'a certificate without its key',
      { tls: { cert: '-----BEGIN CERTIFICATE-----' } },
      'tls.key must be set together with tls.cert.',
    ],
    [
      'a damaged certificate',
      { tls: { cert: '-----BEGIN CERTIFICATE-----', key: '-----BEGIN PRIVATE KEY-----' } },
      'tls.key must be the unencrypted private key of tls.cert (',
    ],
    [
      'a wrong tls.verifyIdentity',
      { tls: { verifyIdentity: 1 } },
      'tls.verifyIdentity must be true or false, not 1.',
    ],
    ['url together with a part of it', { url: 'mysql://a', port: 1 }, 'url and port exclude each other.'],
    [
      'two passwords',
      { url: 'mysql://a:b@c', password: 'd' },
      'url with a password and password exclude each other.',
    ],
    [
      'socketPath together with host',
      { socketPath: '/s', host: 'a' },
      'socketPath and host exclude each other.',
    ],
    ['a url of a wrong type', { url: 5 }, 'url must be a string such as mysql:'],
    ['a url with another protocol', { url: 'postgres://a/b' }, 'url must be a string such as mysql:'],
    ['a url with parameters', { url: 'mysql://a/b?ssl=true' }, 'url must not have parameters after a "?".'],
    ['a url with an invalid escape', { url: 'mysql://a:%zz@b/c' }, 'url must be a string such as mysql:'],
    [
      'a url with an invalid database',
      { url: 'mysql://a/b/c' },
      'database must be a name of 1 to 64 letters, digits, "_", "$" and "-", not "b/c".',
    ],
    [
      'an invalid database',
      { database: 'a`b' },
      'database must be a name of 1 to 64 letters, digits, "_", "$" and "-", not "a`b".',
    ],
    [
      'an invalid tablePrefix',
      { tablePrefix: 'a-b' },
      'tablePrefix must be a string of at most 32 letters, digits and "_", not "a-b".',
    ],
    ['a host of a wrong type', { host: 5 }, 'host must be a string of 1 to 1000 characters, not 5.'],
    ['a port out of range', { port: 70_000 }, 'port must be an integer from 1 to 65535, not 70000.'],
    ['a null port', { port: null }, 'port must be an integer from 1 to 65535, not null.'],
    ['a fraction', { maxConnections: 1.5 }, 'maxConnections must be an integer from 1 to 1000, not 1.5.'],
  ])('rejects %s', (_, options, message) => {
    expect(errorOf(options)).toMatchObject({
      code: 'VIGILANT_OPTIONS_INVALID',
      message: expect.stringContaining(message) as string,
    });
  });

  it.each<[string, unknown, Violation]>([
    ['a url of a wrong type', { url: 5 }, { field: 'url', code: 'wrong_type', reason: URL_REASON }],
    [
      'a url with another protocol',
      { url: 'postgres://a/b' },
      { field: 'url', code: 'malformed', reason: URL_REASON },
    ],
    [
      'a url with an invalid escape',
      { url: 'mysql://a:%zz@b/c' },
      { field: 'url', code: 'malformed', reason: URL_REASON },
    ],
    [
      'a url with parameters',
      { url: 'mysql://a/b?ssl=true' },
      { field: 'url', code: 'invalid_value', reason: 'must not have parameters after a "?"' },
    ],
    [
      'url together with a part of it',
      { url: 'mysql://a', port: 1 },
      { field: 'port', code: 'conflicting_option', reason: 'excludes url' },
    ],
    [
      'socketPath together with host',
      { socketPath: '/s', host: 'a' },
      { field: 'host', code: 'conflicting_option', reason: 'excludes socketPath' },
    ],
    [
      'a certificate that is not PEM',
      { tls: { ca: 5 } },
      { field: 'tls.ca', code: 'wrong_type', reason: 'must be a string or a Buffer with PEM' },
    ],
    [
      'an invalid tablePrefix',
      { tablePrefix: 'a-b' },
      {
        field: 'tablePrefix',
        code: 'invalid_value',
        reason: 'must be a string of at most 32 letters, digits and "_"',
      },
    ],
    [
      'an invalid database',
      { database: '' },
      {
        field: 'database',
        code: 'invalid_value',
        reason: 'must be a name of 1 to 64 letters, digits, "_", "$" and "-"',
      },
    ],
  ])('reports the violation of %s', (_, options, violation) => {
    expect(errorOf(options)).toMatchObject({ violations: [violation] });
  });

  it.each([
    { url: `mysql://u:${SECRET}@/x y` },
    { url: `mysql://u:${SECRET}@h/d?x=1` },
    { url: `mysql://u:${SECRET}@h/x y` },
    { url: `mysql://u:${SECRET}@h`, password: SECRET },
    { password: { text: SECRET } },
    { tls: { key: [SECRET] } },
  ])('shows no credentials in an error', (options) => {
    const error = errorOf(options);
    expect(error).toMatchObject({ code: 'VIGILANT_OPTIONS_INVALID' });
    expect(JSON.stringify(error) + String(error)).not.toContain(SECRET);
  });

  it('accepts a password next to a url without one', () => {
    expect(resolveMysqlOptions({ url: 'mysql://app@db/events', password: SECRET })).toMatchObject({
      host: 'db',
      user: 'app',
      password: SECRET,
      database: 'events',
    });
  });

  it('treats options that are undefined as absent', () => {
    const options: MysqlStoreOptions = {
      url: undefined,
      host: undefined,
      port: undefined,
      password: undefined,
      tls: { ca: undefined, rejectUnauthorized: undefined },
      maxConnections: undefined,
    };
    expect(resolveMysqlOptions(options)).toMatchObject({ host: '127.0.0.1', port: 3306, maxConnections: 4 });
  });

  it('does not connect before open', () => {
    const store = createMysqlStore({ url: 'mariadb://u:p%40ss@[::1]:1/d', maxConnections: 2 });
    expect(store.capabilities).toEqual({ durability: 'disk', shared: true, filtering: 'exact' });
  });
});

describe('open() of the MySQL store', () => {
  it.each([
    ['no context', undefined, 'The context of open() must be an object, not undefined.'],
    ['an empty context', {}, 'context.clock must be a Clock, not undefined.'],
  ])('rejects %s', async (_, context, message) => {
    const store = createMysqlStore();
    await expect(store.open(context as never)).rejects.toMatchObject({
      code: 'VIGILANT_OPTIONS_INVALID',
      message,
    });
    await store.close();
  });
});
