import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Vigilant } from '@vigilant/core';
import { createGrpcClient, serveGrpc } from '@vigilant/grpc';
import { describe, expect, it } from 'vitest';
import { atEnd, serve } from '../support/serve';

const CLOSED = { code: 'VIGILANT_CLOSED', message: 'The client is closed.' };

describe('GrpcClient.close', () => {
  it('ends all later calls with VIGILANT_CLOSED', async () => {
    const { server } = await serve();
    const client = createGrpcClient({ address: server.address });
    await client.log({ message: 'm' });
    await client.close();
    await expect(client.query()).rejects.toMatchObject(CLOSED);
    await expect(client.get('a')).rejects.toMatchObject(CLOSED);
    await expect(client.flush()).rejects.toMatchObject(CLOSED);
    await expect(client.log({ message: 'm' })).rejects.toMatchObject(CLOSED);
    await expect(client.logBatch([{ message: 'm' }])).rejects.toMatchObject(CLOSED);
    expect(() => client.tail()).toThrow(expect.objectContaining(CLOSED));
  });

  it('ends the calls that wait for a server that does not answer', async () => {
    const { vigilant } = await serve();
    const never = (): Promise<never> => new Promise(() => {});
    const slow: Vigilant = { ...vigilant, query: never, logBatch: never };
    const server = await serveGrpc(slow, { port: 0 });
    atEnd(() => server.close({ graceMs: 0 }));
    const client = createGrpcClient({ address: server.address, deadlineMs: 600_000, graceMs: 50 });
    const queried = client.query();
    const logged = client.log({ message: 'm' });
    const failures = Promise.allSettled([queried, logged]);
    expect(await client.close()).toEqual({ unanswered: 1 });
    expect(await failures).toMatchObject([
      { status: 'rejected', reason: CLOSED },
      { status: 'rejected', reason: { code: 'VIGILANT_BROKER_UNAVAILABLE' } },
    ]);
  });

  it('ends the calls that wait for a connection', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    atEnd(async () => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { port } = silent.address() as { port: number };
    const client = createGrpcClient({ address: `127.0.0.1:${port}`, deadlineMs: 600_000, graceMs: 50 });
    const queried = client.query();
    queried.catch(() => {});
    await client.close();
    await expect(queried).rejects.toMatchObject(CLOSED);
  });
});
