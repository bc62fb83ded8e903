import { Server, ServerCredentials, status as Status } from '@grpc/grpc-js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Vigilant } from '@vigilant/core';
import { serveGrpc } from '@vigilant/grpc';
import { describe, expect, it } from 'vitest';
import type { LogEventsResponse } from '../../src/generated/vigilant-v1';
import { codecOf } from '../../src/wire/schema';
import { all, createClient, restartable } from '../support/client';
import { atEnd, serve } from '../support/serve';

describe('a client without a connection', () => {
  it('holds and counts events, and sends them once when the server is back', async () => {
    const server = await restartable();
    const reports: string[] = [];
    const client = createClient(server.address, {
      onDiagnostic: ({ code, message }) => void reports.push(`${code} ${message}`),
    });
    await client.log({ message: 'before' });
    await server.stop();
    const logged = Array.from({ length: 50 }, (_, n) => client.log({ id: `held-${n}`, message: 'held' }));
    await expect.poll(() => client.status().state, { timeout: 10_000 }).toBe('degraded');
    expect(client.status().heldEvents).toBe(50);
    await server.start();
    await Promise.all(logged);
    expect(client.status()).toMatchObject({ state: 'ready', heldEvents: 0, heldBytes: 0 });
    expect((await all(client, 'held')).map(({ id }) => id).sort()).toEqual(
      Array.from({ length: 50 }, (_, n) => `held-${n}`).sort(),
    );
    expect(reports.some((text) => /server-unavailable \d+ events are held/.test(text))).toBe(true);
  });

  it('stores an event once if the response was lost', async () => {
    const { vigilant, server } = await serve();
    let isLost = false;
    // Accepts the events, but fails the first call.
    const flaky = await serveGrpc(
      {
        ...vigilant,
        async logBatch(inputs) {
          const result = await vigilant.logBatch(inputs);
          if (isLost) return result;
          isLost = true;
          throw Object.assign(new Error('lost'), await failure());
        },
      } as Vigilant,
      { port: 0 },
    );
    atEnd(() => flaky.close({ graceMs: 100 }));
    await createClient(flaky.address).log({ message: 'once' });
    expect(isLost).toBe(true);
    expect(await all(createClient(server.address))).toHaveLength(1);
  });

  it('rejects a query after the deadline if the server never responds, and holds events', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    atEnd(async () => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { port } = silent.address() as { port: number };
    const client = createClient(`127.0.0.1:${port}`, { deadlineMs: 300 });
    const logged = client.log({ message: 'm' });
    await expect(client.query('')).rejects.toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      retryable: true,
    });
    await expect.poll(() => client.status().state, { timeout: 10_000 }).toBe('degraded');
    expect(client.status().lastError?.message).toContain('DEADLINE_EXCEEDED');
    expect(await client.close()).toEqual({ unanswered: 1 });
    await expect(logged).rejects.toMatchObject({ code: 'VIGILANT_BROKER_UNAVAILABLE' });
  });

  it('resends an event without a response before the deadline, and stores it once', async () => {
    const { vigilant, server } = await serve();
    let calls = 0;
    const slow: Vigilant = {
      ...vigilant,
      async logBatch(inputs) {
        const result = await vigilant.logBatch(inputs);
        calls += 1;
        return calls <= 2 ? new Promise(() => {}) : result;
      },
    };
    const slowServer = await serveGrpc(slow, { port: 0 });
    atEnd(() => slowServer.close({ graceMs: 100 }));
    await createClient(slowServer.address, { deadlineMs: 300 }).log({ id: 'once', message: 'm' });
    expect(calls).toBeGreaterThanOrEqual(3);
    expect(await all(createClient(server.address))).toMatchObject([{ id: 'once' }]);
  });

  it.each(['CANCELLED', 'UNKNOWN', 'DEADLINE_EXCEEDED', 'ABORTED', 'INTERNAL', 'UNAVAILABLE'] as const)(
    'resends an event after a call that was interrupted with %s',
    async (code) => {
      const { address, calls } = await serveStatuses([Status[code]]);
      expect(await createClient(address).log({ id: 'a', message: 'm' })).toEqual({ id: 'a' });
      expect(calls()).toBe(2);
    },
  );

  it.each(['INVALID_ARGUMENT', 'PERMISSION_DENIED', 'UNAUTHENTICATED', 'UNIMPLEMENTED'] as const)(
    'rejects an event when the call fails with %s',
    async (code) => {
      const { address, calls } = await serveStatuses([Status[code]]);
      await expect(createClient(address).log({ message: 'm' })).rejects.toThrow(code);
      expect(calls()).toBe(1);
    },
  );

  it('counts the unanswered events when it is closed', async () => {
    const server = await restartable();
    await server.stop();
    const client = createClient(server.address);
    const logged = client.log({ message: 'm' });
    expect(await client.close()).toEqual({ unanswered: 1 });
    await expect(logged).rejects.toMatchObject({ code: 'VIGILANT_BROKER_UNAVAILABLE' });
    await expect(client.log({ message: 'late' })).rejects.toMatchObject({ code: 'VIGILANT_CLOSED' });
    expect(client.status().state).toBe('closed');
  });

  it('reconnects after many restarts', async () => {
    const server = await restartable();
    const client = createClient(server.address);
    for (let round = 0; round < 10; round += 1) {
      await server.stop();
      const logged = client.log({ message: `round ${round}` });
      await server.start();
      await logged;
    }
    expect(await all(client)).toHaveLength(10);
  });
});

/** Starts an external server whose calls fail with some statuses before they succeed. */
async function serveStatuses(codes: Status[]): Promise<{ address: string; calls(): number }> {
  const server = new Server();
  const pass = (bytes: Buffer): Buffer => bytes;
  const encode = (message: LogEventsResponse): Buffer =>
    Buffer.from(codecOf<LogEventsResponse>('vigilant.v1.LogEventsResponse').encode(message));
  let calls = 0;
  const method = { path: '/vigilant.v1.EventService/LogEvents', requestStream: false, responseStream: false };
  const codecs = { requestSerialize: pass, requestDeserialize: pass, responseSerialize: encode };
  server.addService(
    { LogEvents: { ...method, ...codecs, responseDeserialize: pass } },
    {
      LogEvents: ((_call, answer) => {
        const code = codes[calls];
        calls += 1;
        if (code === undefined) answer(null, { results: [{ id: 'a' }], accepted: 1 });
        else answer({ code, details: 'It failed.' });
      }) satisfies handleUnaryCall<Buffer, LogEventsResponse>,
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  atEnd(async () => server.forceShutdown());
  return { address: `127.0.0.1:${port}`, calls: () => calls };
}

async function failure(): Promise<object> {
  const { VigilantError } = await import('@vigilant/core');
  return new VigilantError('VIGILANT_BROKER_UNAVAILABLE', 'The answer was lost.');
}
