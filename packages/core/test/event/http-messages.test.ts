import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { toJsonObject } from '../../src/event/safe-json';

const SECRETS = { authorization: 'Bearer secret', cookie: 'sid=secret', 'x-api-key': 'secret' };
const REDACTED = { authorization: '[Redacted]', cookie: '[Redacted]', 'x-api-key': '[Redacted]' };

/** Has the fields of a `Request` and a `Reply` of Fastify that matter here. */
class FastifyMessage {
  readonly body = { password: 'secret' };
  constructor(readonly raw: object) {}
}

/** Koa returns all headers from `toJSON`. */
class KoaObject {
  toJSON(): object {
    return { header: SECRETS };
  }
}

class Held {
  readonly name = 'held';
}

/** Sends a request to a server of Node.js and returns the result of `use` for its objects. */
async function exchange(use: (request: IncomingMessage, response: ServerResponse) => unknown) {
  let used: unknown;
  const server = createServer((request, response) => {
    response.setHeader('Set-Cookie', 'sid=secret').setHeader('X-Order', '7').statusCode = 402;
    used = use(request, response);
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = get({ port, host: '127.0.0.1', path: '/pay?x=1', headers: SECRETS });
  const [answer] = (await once(client, 'response')) as [IncomingMessage];
  answer.resume();
  const received = toJsonObject({ client, answer }).value;
  await once(answer, 'end');
  server.close();
  return { used, received, port };
}

describe('toJsonObject', () => {
  it('reduces a request of Node.js to its identifying fields, without credentials', async () => {
    const { used, port } = await exchange((req) => toJsonObject({ req }).value);
    expect(used).toEqual({
      req: {
        method: 'GET',
        url: '/pay?x=1',
        headers: { ...REDACTED, host: `127.0.0.1:${port}`, connection: expect.any(String) as string },
        remoteAddress: '127.0.0.1',
        remotePort: expect.any(Number) as number,
      },
    });
  });

  it('keeps the original URL of a request that a router has changed', async () => {
    const { used } = await exchange((req) => {
      Object.assign(req, { originalUrl: req.url, url: '/' });
      return toJsonObject({ req }).value;
    });
    expect(used).toMatchObject({ req: { url: '/pay?x=1' } });
  });

  it('reduces a response of Node.js to status and headers', async () => {
    const { used } = await exchange((_, res) => toJsonObject({ res }).value);
    expect(used).toEqual({
      res: { statusCode: 402, headers: { 'set-cookie': '[Redacted]', 'x-order': '7' } },
    });
  });

  it('reduces a request and a reply of Fastify to the messages that they hold', async () => {
    const { used } = await exchange((req, res) => {
      const request = new FastifyMessage(req);
      return toJsonObject({ request, reply: new FastifyMessage(res) }).value;
    });
    expect(used).toMatchObject({ request: { url: '/pay?x=1' }, reply: { statusCode: 402 } });
    expect(JSON.stringify(used)).not.toContain('secret');
  });

  it('reduces a request, a response and a context of Koa to the messages that they hold', async () => {
    const { used } = await exchange((req, res) => {
      const [request, response, context] = [new KoaObject(), new KoaObject(), new KoaObject()];
      for (const each of [request, response, context]) Object.assign(each, { app: {}, req, res });
      Object.assign(request, { response });
      Object.assign(response, { request });
      Object.assign(context, { request, response });
      return toJsonObject({ request, response, context }).value;
    });
    const request = { method: 'GET', url: '/pay?x=1', headers: REDACTED };
    const response = { statusCode: 402, headers: { 'x-order': '7', 'set-cookie': '[Redacted]' } };
    expect(used).toMatchObject({ request, response, context: { request, response } });
    expect(JSON.stringify(used)).not.toContain('secret');
  });

  it('keeps the fields of other objects that hold a request and a response', async () => {
    const { used } = await exchange((req, res) => {
      return toJsonObject(Object.assign(new Held(), { req, res, raw: 5 })).value;
    });
    expect(used).toMatchObject({ name: 'held', raw: 5, req: { method: 'GET' }, res: { statusCode: 402 } });
  });

  it('reduces an outgoing request to method, URL and headers', async () => {
    const { received } = await exchange(() => {});
    expect(received).toMatchObject({
      client: { method: 'GET', url: 'http://127.0.0.1/pay?x=1', headers: REDACTED },
    });
  });

  it('reduces a received response to status, headers and peer', async () => {
    const { received, port } = await exchange(() => {});
    expect(received).toMatchObject({
      answer: { statusCode: 402, headers: { 'x-order': '7', 'set-cookie': '[Redacted]' }, remotePort: port },
    });
    expect(JSON.stringify(received).length).toBeLessThan(1_000);
  });

  it('reduces the objects of fetch', () => {
    const request = new Request('http://host/pay', {
      method: 'POST',
      headers: { 'x-order': '7', ...SECRETS },
    });
    const response = new Response('text', { status: 402, headers: { 'x-order': '7' } });
    expect(toJsonObject({ request, response, headers: response.headers }).value).toEqual({
      request: {
        method: 'POST',
        url: 'http://host/pay',
        headers: {
          authorization: '[Redacted]',
          'x-api-key': '[Redacted]',
          cookie: '[Redacted]',
          'x-order': '7',
        },
      },
      response: { status: 402, headers: { 'content-type': 'text/plain;charset=UTF-8', 'x-order': '7' } },
      headers: { 'content-type': 'text/plain;charset=UTF-8', 'x-order': '7' },
    });
  });

  it('keeps the fields of other objects that have a socket', () => {
    class Connection {
      socket = 5;
      httpVersion = '1.1';
    }
    expect(toJsonObject(new Connection()).value).toEqual({ socket: 5, httpVersion: '1.1' });
  });
});
