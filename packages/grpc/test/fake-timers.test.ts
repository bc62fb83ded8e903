import { createVigilant } from '@vigilant/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createGrpcClient, serveGrpc } from '../src/index';

afterEach(() => void vi.useRealTimers());

describe('a gRPC client and server under fake timers', () => {
  it('log, query and close if setImmediate is real', async () => {
    // grpc-js itself waits with setImmediate.
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'performance', 'Date'] });
    const vigilant = createVigilant();
    const server = await serveGrpc(vigilant, { port: 0 });
    const client = createGrpcClient({ address: server.address });
    await client.log({ message: 'first' });
    expect((await client.query()).events).toHaveLength(1);
    await client.close();
    await server.close();
    await vigilant.close();
  });
});
