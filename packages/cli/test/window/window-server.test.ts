import { createVigilant } from '@vigilant/core';
import { systemClock } from '@vigilant/core';
import { request } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createActivity } from '../../src/window/activity';
import { createTickets } from '../../src/window/tickets';
import { serveWindow } from '../../src/window/window-server';

const PAGE = '<!doctype html><html><head><base href="/"></head></html>';
const FORM = { origin: 'null', 'content-type': 'application/x-www-form-urlencoded' };

/** Starts a server that lasts until the test ends. */
async function start(port = 0) {
  const vigilant = createVigilant();
  const tickets = createTickets(systemClock);
  const body = new TextEncoder().encode(PAGE);
  const server = await serveWindow(
    {
      vigilant,
      console: {
        get: (path) =>
          path === 'index.html' ? { body, contentType: 'text/html', immutable: false } : undefined,
        isPage: (path) => path === '',
      },
      tickets,
      activity: createActivity(systemClock),
      onDiagnostic: () => {},
    },
    port,
  );
  onTestFinished(async () => {
    await server.close(0);
    await vigilant.close();
  });
  const post = (body: string, headers: OutgoingHttpHeaders = {}) =>
    send(server.url, { ...FORM, ...headers }, body);
  return { server, tickets, post };
}

/** Posts a body. Unlike `fetch`, it can set the headers `Host` and `Origin`. */
function send(
  url: string,
  headers: OutgoingHttpHeaders,
  body: string,
): Promise<{ status: number; text: string; csp: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers }, async (response) => {
      const text = (await response.toArray()).join('');
      resolve({
        status: response.statusCode ?? 0,
        text,
        csp: String(response.headers['content-security-policy']),
      });
    });
    outgoing.on('error', reject).end(body);
  });
}

describe('serveWindow', () => {
  it('answers a ticket with the console, which carries the token of the session', async () => {
    const { server, tickets, post } = await start();
    const { status, text, csp } = await post(`ticket=${tickets.issue().secret}`);
    expect(status).toBe(200);
    expect(csp).toContain("default-src 'self'");
    const [, token = ''] =
      /^<!doctype html><html><head><meta name="vigilant-session" content="([\w-]{43})"><base href="\/">/.exec(
        text,
      ) ?? [];
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${server.url}v1/status`, { headers })).status).toBe(200);
  });

  it.each(['v1/status', 'v1/events', 'v1/tail', 'v1/export', 'v1/views', 'metrics'])(
    'rejects %s without the token',
    async (path) => {
      const { server } = await start();
      expect((await fetch(server.url + path)).status).toBe(401);
      const headers = { authorization: 'Bearer x' };
      expect((await fetch(server.url + path, { headers })).status).toBe(403);
    },
  );

  it('rejects a ticket that was used, and other tickets', async () => {
    const { tickets, post } = await start();
    const { secret } = tickets.issue();
    expect((await post(`ticket=${secret}`)).status).toBe(200);
    for (const body of [`ticket=${secret}`, 'ticket=x', 'ticket=', '', 'x'.repeat(5_000)]) {
      const { status, text } = await post(body);
      expect(status).toBe(403);
      expect(text).toContain('Run <code>vigilant desktop</code> again.');
      expect(text).not.toContain('vigilant-session');
    }
  });

  it.each([
    ['the origin of a web page', { origin: 'https://evil.example' }],
    ['its own origin', { origin: 'http://127.0.0.1' }],
    ['another host', { host: 'evil.example' }],
    ['another content type', { 'content-type': 'text/plain' }],
  ])('rejects a ticket with %s, and keeps it', async (_, headers) => {
    const { tickets, post } = await start();
    const { secret } = tickets.issue();
    expect((await post(`ticket=${secret}`, headers)).status).toBe(403);
    expect((await post(`ticket=${secret}`)).status).toBe(200);
  });

  it('accepts the origin of a file for tickets only', async () => {
    const { server, tickets, post } = await start();
    const { text } = await post(`ticket=${tickets.issue().secret}`);
    const [, token = ''] = /content="([\w-]+)"/.exec(text) ?? [];
    const headers = { origin: 'null', authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    expect((await send(`${server.url}v1/events`, headers, '{"message":"m"}')).status).toBe(403);
  });

  it('selects another port if the preferred one is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const { server } = await start(port);
    expect(server.port).not.toBe(port);
    expect(await fetch(`${server.url}livez`).then(({ status }) => status)).toBe(200);
  });

  it('closes while a tail is open', async () => {
    const { server, tickets, post } = await start();
    const { text } = await post(`ticket=${tickets.issue().secret}`);
    const headers = { authorization: `Bearer ${/content="([\w-]+)"/.exec(text)?.[1]}` };
    const tail = await fetch(`${server.url}v1/tail`, { headers });
    expect(tail.status).toBe(200);
    await server.close(500);
    await tail.body?.cancel().catch(() => {});
  });
});
