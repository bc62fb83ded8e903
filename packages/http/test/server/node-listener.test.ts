import { createHttpHandler, createNodeListener } from '@vigilant/http';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { atEnd, createEngine } from '../support/serve';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('createNodeListener', () => {
  it('mounts a handler in a server of node:http beside other routes', async () => {
    const handler = createHttpHandler(createEngine(), { authorize: 'none', basePath: '/ops' });
    const listener = createNodeListener(handler);
    const server = createServer((incoming, outgoing) =>
      listener(incoming, outgoing, () => void outgoing.end('the app')),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    atEnd(async () => server.close());
    const { port } = server.address() as { readonly port: number };
    expect(await (await fetch(`http://127.0.0.1:${port}/other`)).text()).toBe('the app');
    const body = JSON.stringify({ id: 'a', message: 'm' });
    const response = await fetch(`http://127.0.0.1:${port}/ops/v1/events`, {
      method: 'POST',
      headers: JSON_TYPE,
      body,
    });
    expect(await response.json()).toEqual({ id: 'a' });
  });

  it('honours the path at which Express mounts it', async () => {
    const listener = createNodeListener(createHttpHandler(createEngine(), { authorize: 'none' }));
    const server = createServer((incoming, outgoing) => {
      // As Express does for app.use('/ops/events', listener).
      const { url = '' } = incoming;
      Object.assign(incoming, {
        originalUrl: url,
        baseUrl: '/ops/events',
        url: url.slice('/ops/events'.length) || '/',
      });
      listener(incoming, outgoing, () => void outgoing.end('next'));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    atEnd(async () => server.close());
    const { port } = server.address() as { readonly port: number };
    expect((await fetch(`http://127.0.0.1:${port}/ops/events/v1/events`)).status).toBe(200);
  });
});
