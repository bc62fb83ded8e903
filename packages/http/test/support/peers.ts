import type { Vigilant } from '@vigilant/core';
import { once } from 'node:events';
import { readText, requestText, sendText, openSocket } from './raw-socket';

/** Events that exceed the buffers of a connection and of a tail. */
const LOAD = { batches: 20, events: 100, message: 'm'.repeat(8_000) };

const UPLOAD = ['Content-Type: application/json', 'Content-Length: 1000'];

/** Peers that keep their connection open, by name. */
export const PEERS: Readonly<Record<string, (port: number, vigilant: Vigilant) => Promise<unknown>>> = {
  'a silent connection': openSocket,
  'half of a request line': (port) => sendText(port, 'GET /v1/ev'),
  'half-sent headers': (port) => sendText(port, 'GET /v1/events HTTP/1.1\r\nHost: localhost\r\n'),
  'a half-sent body': (port) => sendText(port, requestText('POST', '/v1/events', UPLOAD, '{"message":')),
  async 'an idle keep-alive connection'(port) {
    await readText(await sendText(port, requestText('GET', '/livez')));
  },
  async 'a tail that is read'(port) {
    const socket = await sendText(port, requestText('GET', '/v1/tail'));
    await readText(socket);
    socket.resume();
  },
  async 'a tail that is not read'(port, vigilant) {
    const socket = await sendText(port, requestText('GET', '/v1/tail'));
    await once(socket, 'readable');
    await fill(vigilant);
  },
  async 'an export that is not read'(port, vigilant) {
    await fill(vigilant);
    const socket = await sendText(port, requestText('GET', '/v1/export'));
    await once(socket, 'readable');
  },
};

/** Logs events until the buffers between the server and a client that does not read are full. */
async function fill(vigilant: Vigilant): Promise<void> {
  const events = Array.from({ length: LOAD.events }, () => ({ message: LOAD.message }));
  for (let batch = 0; batch < LOAD.batches; batch += 1) await vigilant.logBatch(events);
}
