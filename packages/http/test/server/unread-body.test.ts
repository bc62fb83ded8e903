import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { ServeHttpOptions } from '@vigilant/http';
import { describe, expect, it } from 'vitest';
import { openSocket, requestText } from '../support/raw-socket';
import { atEnd, serve } from '../support/serve';

const MIB = 1024 * 1024;

/** Requests that the server answers without reading their body. */
const UNREAD: readonly (readonly [
  name: string,
  status: number,
  path: string,
  type: string,
  options: ServeHttpOptions,
])[] = [
  ['an unknown path', 404, '/v1/typo', 'application/json', {}],
  ['a missing scope', 401, '/v1/events', 'application/json', { authorize: () => false }],
  ['a body that is too large', 413, '/v1/events', 'application/json', { maxBodyBytes: 1_000 }],
  ['an unknown type', 415, '/v1/events', 'text/plain', {}],
];

describe('a response that precedes the body of its request', () => {
  it.each(UNREAD)('leaves the connection usable after %s', async (_, status, path, type, server) => {
    const { port } = (await serve({ server })).server;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    atEnd(async () => agent.destroy());
    const post = async (): Promise<number | undefined> => {
      const headers = { 'content-type': type };
      const sent = request({ port, path, agent, method: 'POST', headers }).end(Buffer.alloc(MIB));
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      await once(response.resume(), 'end');
      return response.statusCode;
    };
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push(await post());
    expect(statuses).toEqual([status, status, status]);
  });

  it('reaches a client that closes the connection and reads only after it has sent everything', async () => {
    const { server } = await serve();
    const socket = await openSocket(server.port);
    const headers = ['Connection: close', `Content-Length: ${8 * MIB}`];
    socket.write(requestText('POST', '/v1/typo', headers));
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.write(Buffer.alloc(8 * MIB), () => resolve());
    });
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 404 [^]*VIGILANT_NOT_FOUND/);
  });

  it('does not keep a connection whose body has no end', async () => {
    const { server } = await serve();
    const socket = await openSocket(server.port);
    socket.resume();
    socket.write(requestText('POST', '/v1/typo', ['Content-Length: 1000000000000']));
    const chunk = Buffer.alloc(MIB);
    const send = (): void => void (socket.writable && socket.write(chunk, send));
    send();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(socket.bytesWritten).toBeLessThan(100 * MIB);
  });
});
