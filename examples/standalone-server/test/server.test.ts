import { createServer } from 'node:net';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createGrpcClient } from '@vigilant/grpc';
import { bundleServer, startServer, temporaryFolder } from './server';

let bundle: string;
beforeAll(async () => {
  bundle = await bundleServer();
}, 120_000);
afterAll(() => rmSync(bundle, { force: true }));

const folderOf = (): string => temporaryFolder(onTestFinished);

describe('the standalone server', () => {
  it('prints its address, data folder, number of events and durability', async () => {
    const folder = folderOf();
    const server = await startServer(bundle, { VIGILANT_DATA: folder });
    const client = createGrpcClient({ address: server.address });
    await client.log({ message: 'first' });
    await client.close();
    expect(await server.stop()).toBe(0);
    expect(server.output()).toContain(`data        ${folder}`);
    expect(server.output()).toContain('0 stored, 0 waiting');
    expect(server.output()).toMatch(/survive a crash/);
    expect(server.output()).toMatch(/stopped; 1 stored, 0 left for the next start, 0 lost/);
    expect(statSync(folder).mode & 0o777).toBe(0o700);

    const again = await startServer(bundle, { VIGILANT_DATA: folder });
    expect(again.output()).toContain('1 stored');
    expect(await again.stop('SIGINT')).toBe(0);
  });

  it('keeps events for 30 days unless the environment sets another age', async () => {
    const server = await startServer(bundle, { VIGILANT_DATA: folderOf() });
    expect(server.output()).toContain('retention   events are kept for 30d\n');
    expect(await server.stop()).toBe(0);
    const other = await startServer(bundle, {
      VIGILANT_DATA: folderOf(),
      VIGILANT_RETENTION_MAX_AGE: 'forever',
      VIGILANT_RETENTION_MAX_AGE_DEBUG: '12h',
      VIGILANT_RETENTION_MAX_BYTES: '10000000',
    });
    onTestFinished(() => void other.stop('SIGKILL'));
    expect(other.output()).toContain(
      'retention   events are kept forever, DEBUG for 12h, at most 10000000 bytes\n',
    );
    const status = await fetch(`${other.url}v1/status`);
    expect(await status.json()).toMatchObject({
      retention: { maxAge: 'forever', byLevel: { DEBUG: '12h' }, maxBytes: 10_000_000, state: 'waiting' },
    });
  });

  it('accepts and finds events over HTTP', async () => {
    const server = await startServer(bundle, { VIGILANT_DATA: folderOf() });
    onTestFinished(() => void server.stop('SIGKILL'));
    const body = JSON.stringify({ message: 'over HTTP' });
    const headers = { 'content-type': 'application/json' };
    const logged = await fetch(`${server.url}v1/events`, { method: 'POST', headers, body });
    expect(logged.status).toBe(200);
    const found = await fetch(`${server.url}v1/events?filter=HTTP`);
    expect(await found.json()).toMatchObject({ events: [{ message: 'over HTTP' }] });
  });

  it('logs the events of a shop with --demo, and stops cleanly', async () => {
    const server = await startServer(bundle, { VIGILANT_DATA: folderOf() }, ['--demo']);
    onTestFinished(() => void server.stop('SIGKILL'));
    const client = createGrpcClient({ address: server.address });
    let declined;
    do declined = await client.query('group:demo source:billing declined', { since: '1h' });
    while (declined.events.length === 0);
    await client.close();
    expect(await server.stop()).toBe(0);
    expect(server.output()).not.toContain('warn');
  });

  it('prints the variables of adapters that are not selected', async () => {
    const server = await startServer(bundle, {
      VIGILANT_DATA: folderOf(),
      VIGILANT_MYSQL_URL: 'mysql://root:secret@db/vigilant',
    });
    expect(await server.stop()).toBe(0);
    expect(server.output()).toContain(
      'unused      VIGILANT_MYSQL_URL (VIGILANT_BROKER=sqlite, VIGILANT_STORE=sqlite)\n',
    );
  });

  it('finds new events although it writes every 30 seconds', async () => {
    const server = await startServer(bundle, { VIGILANT_DATA: folderOf() });
    onTestFinished(() => void server.stop('SIGKILL'));
    const client = createGrpcClient({ address: server.address });
    await client.log({ message: 'fresh', level: 'warn' });
    expect((await client.query('level>=WARN')).events).toMatchObject([{ message: 'fresh', level: 'WARN' }]);
    await client.close();
  });

  it('prints a warning when an event reuses an id with different content', async () => {
    const server = await startServer(bundle, {
      VIGILANT_DATA: folderOf(),
      VIGILANT_BROKER: 'memory',
      VIGILANT_STORE: 'memory',
    });
    onTestFinished(() => void server.stop('SIGKILL'));
    const client = createGrpcClient({ address: server.address });
    for (const message of ['first', 'other', 'another']) {
      await client.log({ id: 'a', message });
      // A query triggers a write.
      await client.query();
    }
    await client.close();
    expect(server.output()).toMatch(/warn: dead-letters: .*"a".* stored with different content/);
  });

  it('stores all acknowledged events when it is killed', async () => {
    const folder = folderOf();
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const server = await startServer(bundle, { VIGILANT_DATA: folder, VIGILANT_INTERVAL_MS: '50' });
      const client = createGrpcClient({ address: server.address, graceMs: 100 });
      let isOver = false;
      const load = Array.from({ length: 8 }, async (_, worker) => {
        for (let n = 0; !isOver; n += 1) {
          const id = `${round}-${worker}-${n}`;
          await client.log({ id, message: 'load' }).then(
            () => acknowledged.push(id),
            () => (isOver = true),
          );
        }
      });
      const enough = acknowledged.length + 50 + Math.random() * 1_000;
      await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThanOrEqual(enough), {
        timeout: 60_000,
        interval: 5,
      });
      isOver = true;
      await server.stop('SIGKILL');
      await Promise.all([...load, client.close()]);
    }
    const server = await startServer(bundle, { VIGILANT_DATA: folder });
    onTestFinished(() => void server.stop('SIGKILL'));
    const client = createGrpcClient({ address: server.address });
    const stored: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.query('load', { limit: 10_000, ...(cursor === undefined ? {} : { cursor }) });
      stored.push(...page.events.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    await client.close();
    expect(new Set(stored).size).toBe(stored.length);
    expect(acknowledged.filter((id) => !new Set(stored).has(id))).toEqual([]);
  }, 60_000);

  it.each(['VIGILANT_GRPC_PORT', 'VIGILANT_HTTP_PORT'])(
    'names %s if its port is in use',
    async (variable) => {
      const blocker = createServer().listen(0, '127.0.0.1');
      onTestFinished(() => void blocker.close());
      await new Promise((resolve) => blocker.once('listening', resolve));
      const { port } = blocker.address() as { port: number };
      const environment = { VIGILANT_DATA: folderOf(), [variable]: String(port) };
      await expect(startServer(bundle, environment)).rejects.toThrow(`vigilant: ${variable}: Port ${port} `);
    },
  );

  it.each([
    ['VIGILANT_DATA', { VIGILANT_DATA: join(fileURLToPath(import.meta.url), 'data') }],
    ['VIGILANT_DATA', { VIGILANT_BROKER: 'memory', VIGILANT_DATA: fileURLToPath(import.meta.url) }],
    ['VIGILANT_DATA', { VIGILANT_DATA: '/dev/null/data' }],
    [
      'VIGILANT_DATA',
      {
        VIGILANT_DATA: '/dev/null/data',
        VIGILANT_STORE: 'mysql',
        VIGILANT_MYSQL_URL: 'mysql://root@127.0.0.1:1/a',
      },
    ],
    ['VIGILANT_MYSQL_URL', { VIGILANT_STORE: 'mysql', VIGILANT_MYSQL_URL: 'mysql://root@127.0.0.1:1/a/b' }],
    ['VIGILANT_MYSQL_URL', { VIGILANT_STORE: 'mysql', VIGILANT_MYSQL_URL: 'http://127.0.0.1' }],
    ['VIGILANT_RETENTION_MAX_AGE', { VIGILANT_RETENTION_MAX_AGE: '30' }],
    ['VIGILANT_RETENTION_MAX_AGE_DEBUG', { VIGILANT_RETENTION_MAX_AGE_DEBUG: 'never' }],
    ['VIGILANT_KAFKA_BROKERS', { VIGILANT_BROKER: 'kafka', VIGILANT_KAFKA_BROKERS: 'kafka' }],
    ['VIGILANT_KAFKA_TOPIC', { VIGILANT_BROKER: 'kafka', VIGILANT_KAFKA_TOPIC: 'a b' }],
    ['VIGILANT_KAFKA_GROUP', { VIGILANT_BROKER: 'kafka', VIGILANT_KAFKA_GROUP: 'g'.repeat(300) }],
  ])('names %s when its value is rejected: %o', async (name, environment) => {
    const started = startServer(bundle, { VIGILANT_DATA: folderOf(), ...environment });
    await expect(started).rejects.toThrow(
      new RegExp(`^the server ended: (?:warn: .*\n)*vigilant: ${name}: `),
    );
  });
});
