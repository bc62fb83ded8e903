import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { bundleProgram } from '../../../../scripts/lib/bundle.mjs';
import { createRawClient } from './raw-client';
import { atEnd } from './serve';

const TAIL = '/vigilant.v1.EventService/TailEvents';
const LOG = '/vigilant.v1.EventService/LogEvents';

/** Events that exceed the buffers of HTTP/2 and of a tail. */
const LOAD = { calls: 10, events: 100, message: 'm'.repeat(8_000) };

/** The preface of an HTTP/2 client and an empty SETTINGS frame. */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

/** Peers that keep their connection open, by name. */
export const PEERS: Readonly<Record<string, (address: string) => Promise<unknown>>> = {
  'a silent connection': openSocket,
  async 'an HTTP/2 client that ignores GOAWAY'(address) {
    const socket = await openSocket(address);
    socket.write(PREFACE);
    await once(socket, 'data');
  },
  async 'a tail that is not read'(address) {
    const stream = createRawClient(address).stream(TAIL, {});
    stream.on('error', () => {});
    await once(stream, 'readable');
    await fill(address);
  },
  async 'a frozen client with a tail'(address) {
    const program = await bundleProgram('packages/grpc/test/programs/tailing-client.ts');
    atEnd(async () => rmSync(program, { force: true }));
    const child = spawn(process.execPath, [program, address], { stdio: ['ignore', 'pipe', 'inherit'] });
    atEnd(async () => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    child.kill('SIGSTOP');
    await fill(address);
  },
};

/** Opens a connection that stays half open after the server has ended it. */
async function openSocket(address: string): Promise<Socket> {
  const [host = '', port] = address.split(':');
  const socket = connect({ host, port: Number(port), allowHalfOpen: true });
  socket.on('error', () => {});
  atEnd(async () => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Logs events until the buffers between the server and a client that does not read are full. */
async function fill(address: string): Promise<void> {
  const client = createRawClient(address);
  const events = Array.from({ length: LOAD.events }, () => ({ message: LOAD.message }));
  for (let call = 0; call < LOAD.calls; call += 1) await client.call(LOG, { events });
}
