import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { createFrameReader, toFrame } from './frames';

/** Minimum and maximum version of a request. */
export type VersionRange = readonly [number, number];

/** Starts a server that reports these API versions by API key, and closes the connection after any other request. Resolves to its address. */
export async function startStubBroker(ranges: Readonly<Record<number, VersionRange>>): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on(
      'data',
      createFrameReader((frame) => {
        if (frame.readInt16BE(0) === 18) socket.write(toFrame(versionsAnswer(frame.readInt32BE(4), ranges)));
        else socket.destroy();
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Encodes the correlation id, an error code, the key, minimum and maximum version of each API, and a throttle time. */
function versionsAnswer(correlationId: number, ranges: Readonly<Record<number, VersionRange>>): Buffer {
  const entries = Object.entries(ranges);
  const answer = Buffer.alloc(4 + 2 + 4 + entries.length * 6 + 4);
  answer.writeInt32BE(correlationId, 0);
  answer.writeInt32BE(entries.length, 6);
  for (const [index, [api, [lowest, highest]]] of entries.entries()) {
    const at = 10 + index * 6;
    answer.writeInt16BE(Number(api), at);
    answer.writeInt16BE(lowest, at + 2);
    answer.writeInt16BE(highest, at + 4);
  }
  return answer;
}
