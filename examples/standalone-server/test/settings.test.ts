import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readSettings } from '../src/settings';

it('has defaults for everything', () => {
  expect(readSettings({})).toEqual({
    folder: resolve('data'),
    host: '127.0.0.1',
    port: 50_051,
    intervalMs: 30_000,
    broker: 'sqlite',
    store: 'sqlite',
  });
});

it.each([
  [{ VIGILANT_GRPC_PORT: '70000' }, /VIGILANT_GRPC_PORT must be an integer from 0 to 65535, not "70000"/],
  [{ VIGILANT_INTERVAL_MS: '1s' }, /VIGILANT_INTERVAL_MS/],
  [{ VIGILANT_STORE: 'mongo' }, /VIGILANT_STORE must be sqlite or memory, not "mongo"/],
])('names the variable that makes no sense: %o', (environment, message) => {
  expect(() => readSettings(environment)).toThrow(message);
});
