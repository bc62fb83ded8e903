import { createVigilant } from '@vigilant/core';
import type { Vigilant } from '@vigilant/core';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createExpressApp } from '../src/express-app';
import type { HttpApp } from '../src/http-app';
import { createHttpApp } from '../src/http-app';
import { createSessions } from '../src/sessions';
import { stop } from '../src/stop';
import type { Sessions } from '../src/sessions';

type CreateServer = (vigilant: Vigilant, sessions: Sessions) => HttpApp;

const APPS: Readonly<Record<string, CreateServer>> = {
  Express(vigilant, sessions) {
    const { app, events } = createExpressApp(vigilant, sessions);
    return { server: createServer(app), events };
  },
  'node:http': createHttpApp,
};

async function start(create: CreateServer) {
  const vigilant = createVigilant();
  const sessions = createSessions('secret');
  const { server, events } = create(vigilant, sessions);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stopped = (): Promise<unknown> => stop({ server, events, vigilant });
  onTestFinished(() => stopped().then(() => {}));
  const { port } = server.address() as { port: number };
  const cookie = sessions.logIn('secret')?.split(';')[0] ?? '';
  return { vigilant, cookie, stopped, url: `http://127.0.0.1:${port}/ops/events/` };
}

describe.each(Object.entries(APPS))('Vigilant mounted in an app with %s', (_name, create) => {
  it('rejects requests without a session of the app', async () => {
    const { url } = await start(create);
    const response = await fetch(`${url}v1/events`);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it('accepts and finds events with a session of the app', async () => {
    const { url, cookie } = await start(create);
    const headers = { cookie, 'content-type': 'application/json' };
    const logged = await fetch(`${url}v1/events`, {
      method: 'POST',
      headers,
      body: '{"message":"from a browser"}',
    });
    expect(logged.status).toBe(200);
    const found = await fetch(`${url}v1/events?filter=browser`, { headers });
    expect(await found.json()).toMatchObject({ events: [{ message: 'from a browser' }] });
  });

  it('serves the console with the path of the mount as its base', async () => {
    const { url, cookie } = await start(create);
    const page = await fetch(url, { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<base href="/ops/events/"');
  });

  it('streams events as they are logged', async () => {
    const { url, cookie, vigilant } = await start(create);
    const controller = new AbortController();
    const response = await fetch(`${url}v1/tail`, { headers: { cookie }, signal: controller.signal });
    await vigilant.log({ message: 'live' });
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.includes('live')) break;
    }
    expect(text).toMatch(/event: event\n/);
    controller.abort();
  });

  it('ends tails with a problem and stores all events when the app stops', async () => {
    const { url, cookie, vigilant, stopped } = await start(create);
    const response = await fetch(`${url}v1/tail`, { headers: { cookie } });
    await vigilant.log({ message: 'last' });
    const text = response.text();
    expect(await stopped()).toMatchObject({ stored: 1, lost: 0 });
    expect(await text).toMatch(/event: problem\ndata: .*VIGILANT_CLOSED/);
  });
});

describe('the shop with Express', () => {
  it('sends operators to the events after they log in', async () => {
    const { url } = await start(APPS['Express']!);
    const logIn = (password: string): Promise<Response> =>
      fetch(new URL('/login', url), {
        method: 'POST',
        body: new URLSearchParams({ password }),
        redirect: 'manual',
      });
    expect((await logIn('wrong')).status).toBe(401);
    const response = await logIn('secret');
    expect(response.headers.get('location')).toBe('/ops/events/');
    expect(response.headers.get('set-cookie')).toContain('HttpOnly');
  });

  it('logs the orders of its customers', async () => {
    const { url, vigilant } = await start(APPS['Express']!);
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(new URL('/orders', url), { method: 'POST', headers, body: '{"amount":12}' });
    expect(response.status).toBe(201);
    expect((await vigilant.query('data.amount:12')).events).toHaveLength(1);
  });
});
