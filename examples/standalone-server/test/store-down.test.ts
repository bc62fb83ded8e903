import { createServer, connect } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createGrpcClient } from '@vigilant/grpc';
import { createConnection } from 'mysql2/promise';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { bundleServer, startServer, temporaryFolder } from './server';

let bundle: string;
beforeAll(async () => {
  bundle = await bundleServer();
}, 120_000);
afterAll(() => rmSync(bundle, { force: true }));

/** Forwards a port of loopback to a database server. */
function forward(port: number, target: URL): Promise<Server> {
  const server = createServer((socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    socket.pipe(upstream).pipe(socket);
    for (const each of [socket, upstream]) each.on('error', () => [socket, upstream].map((s) => s.destroy()));
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

async function freePort(): Promise<number> {
  const server = await forward(0, new URL('mysql://127.0.0.1:1'));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function dropDatabase(address: string, { pathname }: URL): Promise<void> {
  const connection = await createConnection({ uri: address });
  await connection.query(`DROP DATABASE IF EXISTS \`${pathname.slice(1)}\``);
  await connection.end();
}

describeWithService('mariadb', 'a server whose database is down at the start', (address) => {
  it('accepts events and stores them once the database answers', async () => {
    const port = await freePort();
    const url = new URL(address);
    url.port = String(port);
    url.pathname = `/vigilant_down_${port}`;
    onTestFinished(() => dropDatabase(address, url));
    const server = await startServer(bundle, {
      VIGILANT_DATA: temporaryFolder(onTestFinished),
      VIGILANT_STORE: 'mysql',
      VIGILANT_MYSQL_URL: url.href,
    });
    onTestFinished(() => void server.stop('SIGKILL'));
    expect(server.output()).toMatch(/waiting\s+.*Events are accepted/);
    const client = createGrpcClient({ address: server.address });
    onTestFinished(async () => void (await client.close()));
    await client.log({ message: 'early' });
    await expect(client.query('early')).rejects.toMatchObject({ code: 'VIGILANT_STORE_UNAVAILABLE' });

    const proxy = await forward(port, new URL(address));
    onTestFinished(() => void proxy.close());
    const messages = async (): Promise<readonly string[]> => {
      const page = await client.query('early').catch(() => ({ events: [] }));
      return page.events.map(({ message }) => message);
    };
    await expect.poll(messages, { timeout: 30_000 }).toEqual(['early']);
    expect(await server.stop()).toBe(0);
  }, 90_000);

  it('ends with 1 when the database rejects the account', async () => {
    const url = new URL(address);
    url.username = 'nobody';
    url.password = 'wrong';
    const started = startServer(bundle, {
      VIGILANT_DATA: temporaryFolder(onTestFinished),
      VIGILANT_STORE: 'mysql',
      VIGILANT_MYSQL_URL: url.href,
    });
    await expect(started).rejects.toThrow(/rejects the account/);
  }, 60_000);
});
