import { Server, ServerCredentials, status as Status } from '@grpc/grpc-js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { createVigilant } from '@vigilant/core';
import type { EventInput, TailItem, Vigilant } from '@vigilant/core';
import { createGrpcClient, serveGrpc } from '@vigilant/grpc';
import type { GrpcClient, GrpcClientOptions } from '@vigilant/grpc';
import { describe, expect, it } from 'vitest';
import type { LogEventsResponse } from '../../src/generated/vigilant-v1';
import { codecOf } from '../../src/wire/schema';
import { atEnd, serve } from '../support/serve';

function createClient(address: string, options: Partial<GrpcClientOptions> = {}): GrpcClient {
  const client = createGrpcClient({ address, graceMs: 100, ...options });
  atEnd(() => client.close());
  return client;
}

async function all(client: GrpcClient, filter = ''): Promise<readonly { id: string; message: string }[]> {
  const events: { id: string; message: string }[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await client.query(filter, { limit: 10_000, ...(cursor === undefined ? {} : { cursor }) });
    events.push(...page.events);
    cursor = page.nextCursor;
    if (cursor === undefined) return events;
  }
}

/** A server that can be stopped and started again on the same port and engine. */
async function restartable(): Promise<{
  readonly vigilant: Vigilant;
  readonly address: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}> {
  const vigilant = createVigilant();
  atEnd(() => vigilant.close());
  let server = await serveGrpc(vigilant, { port: 0 });
  const { port, address } = server;
  atEnd(() => server.close({ graceMs: 100 }));
  return {
    vigilant,
    address,
    stop: () => server.close({ graceMs: 100 }),
    async start() {
      server = await serveGrpc(vigilant, { port });
    },
  };
}

describe('createGrpcClient', () => {
  it('preserves every field of an event', async () => {
    const { server } = await serve();
    const client = createClient(server.address, { defaults: { origin: 'host', tags: ['x'] } });
    const input: EventInput = {
      id: 'e1',
      message: 'lone \ud800 and 😀',
      level: 'warning',
      severity: -3,
      timestamp: '2026-01-02T03:04:05.123456Z',
      source: 'src',
      type: 't',
      group: 'g',
      tags: ['a', 'b'],
      data: { big: 9007199254740993n, nested: [{ k: null }, 1.5], text: '支' },
    };
    expect(await client.log(input)).toEqual({ id: 'e1' });
    const event = await client.get('e1');
    expect(event).toMatchObject({
      message: 'lone \ufffd and 😀',
      level: 'WARN',
      severity: -3,
      timestamp: Date.parse('2026-01-02T03:04:05.123Z') + 0.456,
      origin: 'host',
      data: { big: '9007199254740993', nested: [{ k: null }, 1.5], text: '支' },
      sequence: 1,
    });
    expect(await client.get('unknown')).toBeUndefined();
  });

  it('rejects an invalid event before sending it, with the error of the engine, and sends the others', async () => {
    const { server, vigilant } = await serve();
    const client = createClient(server.address);
    const inputs = [{ message: 'good' }, { message: 'bad', level: 'loud' }, { message: 'fine' }];
    const result = await client.logBatch(inputs as EventInput[]);
    const local = await vigilant.logBatch([
      { message: 'bad', level: 'loud' },
      { message: 'bad', level: 'loud' },
    ] as never);
    expect(result.accepted).toBe(2);
    expect(result.results[1]).toMatchObject({ error: { code: 'VIGILANT_EVENT_INVALID' } });
    expect(JSON.stringify(result.results[1])).toBe(JSON.stringify(local.results[1]));
    expect(await all(client)).toHaveLength(2);
  });

  it('rejects unknown options and values outside their range', async () => {
    const { server } = await serve();
    const client = createClient(server.address);
    for (const options of [{ sicne: '2h' }, { order: 'x' }, { limit: 0 }, { limit: 1.5 }])
      await expect(client.query('', options as never)).rejects.toMatchObject({
        code: 'VIGILANT_QUERY_INVALID',
      });
    expect(() => client.tail('', { sicne: 1 } as never)).toThrow(/Unknown option "sicne" of tail\(\)/);
  });

  it('reports the events that the server rejects', async () => {
    const redact = (): never => {
      throw new Error('cannot');
    };
    const { server } = await serve({ engine: { redact } });
    const result = await createClient(server.address).logBatch([{ message: 'm' }]);
    expect(result).toMatchObject({ accepted: 0, results: [{ error: { code: 'VIGILANT_INTERNAL' } }] });
  });

  it('sends 10,000 large events in one call and reads all of them', async () => {
    const { server } = await serve();
    const client = createClient(server.address, { maxBufferedBytes: 64 * 1024 * 1024 });
    const inputs = Array.from({ length: 10_000 }, (_, n) => ({ message: `${n} ${'m'.repeat(2_000)}` }));
    expect((await client.logBatch(inputs)).accepted).toBe(10_000);
    const events = await all(client);
    expect(new Set(events.map(({ id }) => id)).size).toBe(10_000);
  });

  it('rejects events that do not fit into its buffer, and keeps the others', async () => {
    const server = await restartable();
    await server.stop();
    const client = createClient(server.address, { maxBufferedBytes: 1024 * 1024 });
    const held = client.log({ message: 'h'.repeat(60_000) });
    const more = Array.from({ length: 20 }, () => client.log({ message: 'm'.repeat(60_000) }));
    const rejected = (await Promise.allSettled(more.slice(18))).map((result) => result.status);
    expect(rejected).toEqual(['rejected', 'rejected']);
    await expect(more[19]).rejects.toMatchObject({ code: 'VIGILANT_BROKER_FULL', retryable: true });
    await server.start();
    await held;
  });
});

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

describe('GrpcClient.tail', () => {
  it('continues after a restart of the server without missing or repeating events', async () => {
    const server = await restartable();
    const client = createClient(server.address);
    const tail = client.tail('level>=WARN', { checkpoints: true });
    const first = await tail.next();
    expect((first.value as TailItem).type).toBe('checkpoint');
    const seen: string[] = [];
    const reading = (async () => {
      for await (const item of tail) {
        if (item.type === 'event') seen.push(item.event.message);
        if (seen.length === 20) return;
      }
    })();
    for (let n = 0; n < 10; n += 1) await server.vigilant.log({ message: `${n}`, level: 'warn' });
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(10);
    await server.stop();
    for (let n = 10; n < 20; n += 1) await server.vigilant.log({ message: `${n}`, level: 'warn' });
    await server.start();
    await reading;
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => `${n}`));
  });

  it('ends a pending next() on return() and when the client is closed', async () => {
    const { server, vigilant } = await serve();
    const client = createClient(server.address);
    const one = client.tail();
    const waiting = one.next();
    await one.return?.();
    expect((await waiting).done).toBe(true);
    const other = client.tail().next();
    await client.close();
    expect((await other).done).toBe(true);
    await expect.poll(async () => (await vigilant.status()).tails, { timeout: 10_000 }).toBe(0);
  });

  it('rejects an invalid filter', async () => {
    const { server } = await serve();
    await expect(createClient(server.address).tail('level:').next()).rejects.toMatchObject({
      code: 'VIGILANT_FILTER_INVALID',
    });
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
