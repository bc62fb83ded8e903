import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { atEnd } from './serve';

/** Opens a connection that stays half open after the server has ended it. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  socket.on('error', () => {});
  atEnd(async () => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Opens a connection, sends text and waits for a part of the answer. */
export async function sendText(port: number, text: string): Promise<Socket> {
  const socket = await openSocket(port);
  socket.write(text);
  return socket;
}

/** Reads the next bytes of a connection as text. */
export async function readText(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

/** Returns the text of a request. */
export function requestText(
  method: string,
  path: string,
  headers: readonly string[] = [],
  body = '',
): string {
  return [`${method} ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', body].join('\r\n');
}
