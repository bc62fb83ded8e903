import { createHttpHandler, createNodeListener } from '@vigilant/http';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { requestText, sendText } from '../support/raw-socket';
import { atEnd, createEngine } from '../support/serve';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Starts a server of `node:http` that lasts until the test ends. */
async function listenWith(
  listener: RequestListener,
): Promise<{ readonly port: number; readonly url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => server.close());
  const { port } = server.address() as { readonly port: number };
  return { port, url: `http://127.0.0.1:${port}/` };
}

describe('createNodeListener', () => {
  it('mounts a handler in a server of node:http beside other routes', async () => {
    const handler = createHttpHandler(createEngine(), { authorize: 'none', basePath: '/ops' });
    const listener = createNodeListener(handler);
    const { url } = await listenWith((incoming, outgoing) =>
      listener(incoming, outgoing, () => void outgoing.end('the app')),
    );
    expect(await (await fetch(`${url}other`)).text()).toBe('the app');
    const body = JSON.stringify({ id: 'a', message: 'm' });
    const response = await fetch(`${url}ops/v1/events`, {
      method: 'POST',
      headers: JSON_TYPE,
      body,
    });
    expect(await response.json()).toEqual({ id: 'a' });
  });

  it('honours the path at which Express mounts it', async () => {
    const listener = createNodeListener(createHttpHandler(createEngine(), { authorize: 'none' }));
    const { url: root } = await listenWith((incoming, outgoing) => {
      // As Express does for app.use('/ops/events', listener).
      const { url = '' } = incoming;
      Object.assign(incoming, {
        originalUrl: url,
        baseUrl: '/ops/events',
        url: url.slice('/ops/events'.length) || '/',
      });
      listener(incoming, outgoing, () => void outgoing.end('next'));
    });
    expect((await fetch(`${root}ops/events/v1/events`)).status).toBe(200);
  });

  it('ends the tail of a client that disconnects while it is authorised', async () => {
    const vigilant = createEngine();
    let authorise: ((isAllowed: boolean) => void) | undefined;
    const authorize = (): Promise<boolean> => new Promise((resolve) => (authorise = resolve));
    const handler = createHttpHandler(vigilant, { authorize });
    atEnd(() => handler.close({ graceMs: 0 }));
    const { port, url } = await listenWith(createNodeListener(handler));
    const socket = await sendText(port, requestText('GET', '/v1/tail'));
    const done = await vi.waitUntil(() => authorise, { timeout: 30_000 });
    authorise = undefined;
    socket.destroy();
    // A later request shows that the server has noticed.
    const later = fetch(`${url}v1/status`);
    const doneLater = await vi.waitUntil(() => authorise, { timeout: 30_000 });
    done(true);
    doneLater(true);
    await later;
    await expect.poll(async () => (await vigilant.status()).tails, { timeout: 10_000 }).toBe(0);
  });

  it('explains that another middleware has already read the body', async () => {
    const listener = createNodeListener(createHttpHandler(createEngine(), { authorize: 'none' }));
    const { url } = await listenWith((incoming, outgoing) => {
      // As express.json() does.
      incoming.resume().once('end', () => setImmediate(() => listener(incoming, outgoing)));
    });
    const response = await fetch(`${url}v1/events`, { method: 'POST', headers: JSON_TYPE, body: '{}' });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      code: 'VIGILANT_OPTIONS_INVALID',
      detail: expect.stringContaining('mount Vigilant before that middleware'),
      violations: [{ field: 'body', code: 'already_read' }],
    });
  });
});
