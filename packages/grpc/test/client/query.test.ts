import type { Vigilant } from '@vigilant/core';
import { createVigilant } from '@vigilant/core';
import { createGrpcClient } from '@vigilant/grpc';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../support/serve';

/** Creates a client without a server, which rejects invalid arguments before a call. */
function createClient() {
  const client = createGrpcClient({ address: '127.0.0.1:1', graceMs: 0 });
  atEnd(() => client.close());
  return client;
}

/** Returns the error of a call. */
async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    const { code, message, violations } = error as Record<string, unknown>;
    return { code, message, violations };
  }
  throw new Error('The call was accepted.');
}

type Calls = Pick<Vigilant, 'query' | 'get' | 'tail'>;

describe('GrpcClient', () => {
  it.each<[string, (calls: Calls) => unknown]>([
    ['query(, { since: null })', (calls) => calls.query('', { since: null as never })],
    ["query(, { since: '' })", (calls) => calls.query('', { since: '' })],
    ['query(, { until: {} })', (calls) => calls.query('', { until: {} as never })],
    ['query(, { limit: 0 })', (calls) => calls.query('', { limit: 0 })],
    ['query(, { order: 5 })', (calls) => calls.query('', { order: 5 as never })],
    ['query(, { cursor: 5 })', (calls) => calls.query('', { cursor: 5 as never })],
    ["query(, { cursor: '' })", (calls) => calls.query('', { cursor: '' })],
    ["get('')", (calls) => calls.get('')],
    ['get(5)', (calls) => calls.get(5 as never)],
    ["tail(, { cursor: '' })", (calls) => calls.tail('', { cursor: '' })],
  ])('rejects %s with the error of the engine', async (_, call) => {
    const vigilant = createVigilant();
    atEnd(() => vigilant.close());
    expect(await errorOf(() => call(createClient()))).toEqual(await errorOf(() => call(vigilant)));
  });
});

describe('GrpcClient.query', () => {
  it.each([
    ['since', new Date(NaN)],
    ['since', null],
    ['since', ''],
    ['until', {}],
  ])('rejects %s: %j and names the option', async (option, value) => {
    await expect(createClient().query('', { [option]: value } as never)).rejects.toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
      message: expect.stringMatching(`^${option} .*\\.$`),
      violations: [{ field: option }],
    });
  });

  it.each([[null], [5], ['x'], [{}]])('rejects the signal %j before a call', async (signal) => {
    await expect(createClient().query('', { signal } as never)).rejects.toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
      violations: [{ field: 'signal' }],
    });
  });

  it.each([[null], [5], ['']])('rejects the cursor %j', async (cursor) => {
    await expect(createClient().query('', { cursor } as never)).rejects.toMatchObject({
      code: 'VIGILANT_CURSOR_INVALID',
    });
  });
});

describe('GrpcClient.get', () => {
  it.each([[undefined], [5], ['']])('rejects the id %j', async (id) => {
    await expect(createClient().get(id as never)).rejects.toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
      violations: [{ field: 'id' }],
    });
  });

  it.each([[null], [{ sginal: 1 }]])('rejects the options %j', async (options) => {
    await expect(createClient().get('a', options as never)).rejects.toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
    });
  });
});

describe('GrpcClient.tail', () => {
  it.each([[null], [5], [{}]])('rejects the signal %j', (signal) => {
    expect(() => createClient().tail('', { signal } as never)).toThrow(
      expect.objectContaining({ code: 'VIGILANT_QUERY_INVALID' }),
    );
  });

  it.each([[null], [5], ['']])('rejects the cursor %j', (cursor) => {
    expect(() => createClient().tail('', { cursor } as never)).toThrow(
      expect.objectContaining({ code: 'VIGILANT_CURSOR_INVALID' }),
    );
  });
});
