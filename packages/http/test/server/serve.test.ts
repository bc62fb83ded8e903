import type { ServeHttpOptions } from '@vigilant/http';
import { serveHttp } from '@vigilant/http';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readText, requestText, sendText } from '../support/raw-socket';
import { atEnd, createEngine, serve } from '../support/serve';

const run = promisify(execFile);

const rejection = (message: RegExp) => ({
  code: 'VIGILANT_OPTIONS_INVALID',
  message: expect.stringMatching(message),
});

/** Returns the status of a request with headers that `fetch` does not send. */
async function statusOf(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  const sent = request(url, { headers }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe('serveHttp', () => {
  it('listens on loopback and names its URL', async () => {
    const { server } = await serve({ server: { basePath: '/ops' } });
    expect(server.address).toBe(`127.0.0.1:${server.port}`);
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/ops/`);
    expect((await fetch(`${server.url}v1/events`)).status).toBe(200);
  });

  it('accepts the longest filter, and reports a longer query string', async () => {
    const { server } = await serve();
    const queryWith = async (filter: string): Promise<number> =>
      (await fetch(`${server.url}v1/events?filter=${encodeURIComponent(filter)}`)).status;
    expect(await queryWith(`"${'é'.repeat(4_000)}"`)).toBe(200);
    expect(await queryWith('é'.repeat(15_000))).toBe(414);
  });

  it('answers 405 to a method that the Fetch standard forbids', async () => {
    const { server } = await serve();
    const socket = await sendText(
      server.port,
      'TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    const answer = await readText(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 405 [^]*VIGILANT_NOT_SUPPORTED/);
    expect((await fetch(`${server.url}livez`)).status).toBe(200);
  });

  it.each([['0.0.0.0'], ['::'], ['192.0.2.1']])(
    'rejects the host %s without authentication',
    async (host) => {
      const served = serveHttp(createEngine(), { host, port: 0 });
      await expect(served).rejects.toMatchObject(
        rejection(
          /^serveHttp\.host: other machines can reach ".*", and there is no authentication\. .* set authorize or allowUnauthenticated\.$/,
        ),
      );
    },
  );

  it.each<[string, ServeHttpOptions]>([
    ['authorize', { authorize: () => true }],
    ['allowUnauthenticated', { allowUnauthenticated: true }],
  ])('listens on all addresses with %s', async (_, options) => {
    const { server } = await serve({ server: { host: '0.0.0.0', ...options } });
    expect((await fetch(`http://127.0.0.1:${server.port}/v1/events`)).status).toBe(200);
    expect(await statusOf(`http://127.0.0.1:${server.port}/v1/events`, { host: 'evil.example' })).toBe(403);
  });

  it('rejects requests that a proxy forwards unless authentication is configured', async () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.7' };
    const { server } = await serve();
    expect(await statusOf(`${server.url}v1/events`, forwarded)).toBe(403);
    expect(await statusOf(`${server.url}v1/tail`, { forwarded: 'for=203.0.113.7' })).toBe(403);
    const { server: secured } = await serve({ server: { authorize: () => true } });
    expect(await statusOf(`${secured.url}v1/events`, forwarded)).toBe(200);
  });

  it('rejects another host and another origin, for tails too', async () => {
    const { server } = await serve();
    for (const path of ['v1/events', 'v1/tail', 'livez']) {
      expect(await statusOf(server.url + path, { host: 'evil.example' })).toBe(403);
      expect(await statusOf(server.url + path, { origin: 'http://evil.example' })).toBe(403);
    }
  });

  it('serves a Unix socket that only its user may open', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vigilant-http-'));
    atEnd(async () => rmSync(folder, { recursive: true, force: true }));
    const socketPath = join(folder, 'server.sock');
    const server = await serveHttp(createEngine(), { socketPath });
    atEnd(() => server.close());
    expect(server).toMatchObject({ address: `unix:${socketPath}`, url: `unix:${socketPath}`, port: 0 });
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    const { stdout } = await run('curl', ['-s', '--unix-socket', socketPath, 'http://any.example/v1/events']);
    expect(JSON.parse(stdout)).toMatchObject({ events: [] });
  });

  it('rejects a port that is in use', async () => {
    const { server } = await serve();
    const second = serveHttp(createEngine(), { port: server.port });
    await expect(second).rejects.toMatchObject({ code: 'VIGILANT_ADDRESS_IN_USE' });
  });

  it.each([
    ['host', ''],
    ['port', 65_536],
    ['socketPath', ''],
    ['allowUnauthenticated', 'yes'],
    ['authorize', 'all'],
    ['maxTails', -1],
    ['onDiagnostic', 5],
  ])('rejects %s: %j and names the option', async (name, value) => {
    const served = serveHttp(createEngine(), { [name]: value } as never);
    await expect(served).rejects.toMatchObject(rejection(new RegExp(`^serveHttp\\.${name} must `)));
  });

  it('names the option that was likely meant', async () => {
    await expect(serveHttp(createEngine(), { prot: 1 } as never)).rejects.toMatchObject(
      rejection(/^Unknown option "prot" of serveHttp\(\)\. Did you mean "port"\?$/),
    );
  });

  it.each([
    ['GET', 'http://localhost/livez', 200],
    ['GET', 'HTTP://127.0.0.1:50052/v1/events?limit=1', 200],
    ['GET', 'http://localhost?limit=1', 404],
    ['GET', 'http://evil.example/livez', 403],
    ['GET', 'http://localhost@evil.example/livez', 403],
    ['GET', 'http:///livez', 404],
    ['GET', 'ftp://localhost/livez', 404],
    ['OPTIONS', '*', 404],
    ['GET', '//evil.example/v1/events', 404],
  ])('answers the target %s %s with %d', async (method, target, status) => {
    const { server } = await serve();
    const socket = await sendText(server.port, requestText(method, target));
    expect(await readText(socket)).toContain(`HTTP/1.1 ${status}`);
  });

  it('answers before a client has sent a body that is too large, and closes its connection', async () => {
    const { server } = await serve({ server: { maxBodyBytes: 1_000 } });
    const headers = ['Content-Type: application/json', 'Content-Length: 1000000000'];
    const socket = await sendText(server.port, requestText('POST', '/v1/events', headers, '{'));
    expect(await readText(socket)).toContain('HTTP/1.1 413');
    await once(socket, 'end');
  });

  it('keeps the connection of a client whose body was rejected', async () => {
    const { server } = await serve();
    const post = requestText('POST', '/v1/events', ['Content-Type: text/plain', 'Content-Length: 2'], '{}');
    const socket = await sendText(server.port, post);
    expect(await readText(socket)).toContain('HTTP/1.1 415');
    socket.write(requestText('GET', '/livez'));
    expect(await readText(socket)).toContain('HTTP/1.1 200');
  });

  it('ends the tail of a client that disconnects', async () => {
    const { server, vigilant } = await serve();
    for (let round = 0; round < 10; round += 1) {
      const socket = await sendText(server.port, requestText('GET', '/v1/tail'));
      await readText(socket);
      socket.destroy();
    }
    await expect.poll(async () => (await vigilant.status()).tails, { timeout: 20_000 }).toBe(0);
  });

  it('drops the events that a stalled client misses, counts them in a gap, and serves other clients', async () => {
    const { server, vigilant } = await serve();
    const slow = await sendText(server.port, requestText('GET', '/v1/tail'));
    await once(slow, 'readable');
    await expect.poll(async () => (await vigilant.status()).tails, { timeout: 10_000 }).toBe(1);
    const events = 4_000;
    const batch = Array.from({ length: 200 }, () => ({ message: 'm'.repeat(8_000) }));
    for (let sent = 0; sent < events; sent += 200) await vigilant.logBatch(batch);
    expect((await fetch(`${server.url}v1/events?limit=1`)).status).toBe(200);
    let text = '';
    const counts = () => ({
      received: text.split('\nevent: event\n').length - 1,
      missed: [...text.matchAll(/"missed":(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0),
    });
    slow.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await expect
      .poll(() => counts().received + counts().missed, { timeout: 20_000, interval: 200 })
      .toBe(events);
    expect(counts().missed).toBeGreaterThan(0);
  }, 60_000);
});
