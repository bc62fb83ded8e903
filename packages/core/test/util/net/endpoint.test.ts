import { describe, expect, it } from 'vitest';
import { resolveEndpoint } from '../../../src/util/net/endpoint';

const RULES = { owner: 'serveTest', defaultPort: 1, mayBeReached: false, remedy: 'set something' };

describe('resolveEndpoint', () => {
  it.each([
    ['[::1]', '::1'],
    ['::1', '::1'],
    ['localhost', 'localhost'],
  ])('accepts the host %s', (host, resolved) => {
    expect(resolveEndpoint({ host }, RULES).host).toBe(resolved);
  });

  it.each(['[::]', '::', '[127.0.0.1]', '0.0.0.0'])('rejects the host %s', (host) => {
    expect(() => resolveEndpoint({ host }, RULES)).toThrow('serveTest.host: other machines can reach');
  });
});
