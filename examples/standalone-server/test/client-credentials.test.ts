import { describe, expect, it } from 'vitest';
import { createTokenSource } from '../src/client-credentials';
import type { Answer } from './support/token-endpoint';
import { startTokenEndpoint } from './support/token-endpoint';

const extensions = { logicalCluster: 'lkc-1' };

/** Creates an endpoint with this answer, a source of its tokens, and a clock. */
async function create(answer: Answer, scope?: string) {
  const endpoint = await startTokenEndpoint(answer);
  let now = 0;
  const client = { url: endpoint.url, clientId: 'app/1', readSecret: () => 's%:t', scope, extensions };
  const source = createTokenSource(client, () => now);
  return { endpoint, source, advance: (ms: number) => (now += ms) };
}

describe('createTokenSource', () => {
  it('sends the client credentials, encoded as RFC 6749 requires, and the scope', async () => {
    const { endpoint, source } = await create(
      () => ({ access_token: 'abc', expires_in: 100 }),
      'kafka/.default',
    );
    expect(await source.token()).toEqual({ value: 'abc', extensions });
    expect(endpoint.requests).toEqual([
      {
        authorization: `Basic ${btoa('app%2F1:s%25%3At')}`,
        body: 'grant_type=client_credentials&scope=kafka%2F.default',
      },
    ]);
  });

  it('uses a token for four fifths of its lifetime, also for concurrent calls', async () => {
    let count = 0;
    const { endpoint, source, advance } = await create(() => {
      count += 1;
      return { access_token: `token-${count}`, expires_in: 100 };
    });
    const first = await Promise.all([source.token(), source.token()]);
    advance(79_000);
    const values = [...first, await source.token()].map(({ value }) => value);
    expect(values).toEqual(['token-1', 'token-1', 'token-1']);
    advance(2_000);
    expect((await source.token()).value).toBe('token-2');
    expect(endpoint.requests).toHaveLength(2);
  });

  it('rejects with the error of the endpoint, and sends a new request for the next call', async () => {
    let isRight = false;
    const { source } = await create(() => (isRight ? { access_token: 'abc' } : { error: 'invalid_client' }));
    await expect(source.token()).rejects.toThrow(
      /^The token endpoint http:.* returned no token: it answered 400 invalid_client\.$/,
    );
    isRight = true;
    expect((await source.token()).value).toBe('abc');
  });

  it('rejects when the endpoint cannot be reached', async () => {
    const client = {
      url: 'http://127.0.0.1:1/',
      clientId: 'a',
      readSecret: () => 'b',
      scope: undefined,
      extensions,
    };
    await expect(createTokenSource(client).token()).rejects.toThrow(/returned no token: \S/);
  });
});
