import { createTestContext } from '@vigilant/conformance';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bundleProgram } from '../../../../scripts/lib/bundle.mjs';
import { connect } from '../../src/connection/connect';
import { createMysqlStore } from '../../src/index';

/** The greeting of a MySQL server that offers TLS, with the header of its packet. */
const GREETING = Buffer.concat([
  Buffer.from([74, 0, 0, 0, 10]),
  Buffer.from('8.0.36\0\x01\0\0\0saltsalt\0'),
  // The capabilities SSL, PROTOCOL_41 and SECURE_CONNECTION, and in the upper half PLUGIN_AUTH.
  Buffer.from([0x00, 0x8a, 0xff, 0x02, 0x00, 0x08, 0x00, 21]),
  Buffer.from(`${'\0'.repeat(10)}saltsaltsalt\0caching_sha2_password\0`),
]);

/** Length of the packet with which the driver asks for TLS. */
const SSL_REQUEST_BYTES = 36;

/** Starts a server that accepts connections, sends a greeting, and never answers anything. */
async function startSilentServer(greeting?: Buffer) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}).resume());
    if (greeting !== undefined) socket.write(greeting);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  /** Resolves to the first connection. */
  const connection = async (): Promise<Socket> =>
    sockets[0] ?? ((await once(server, 'connection')) as [Socket])[0];
  return { port, connection };
}

describe('connect', () => {
  it('destroys the socket and rejects when the signal aborts before the server responds', async () => {
    const { port, connection } = await startSilentServer();
    const controller = new AbortController();
    const connecting = connect({ host: '127.0.0.1', port, connectTimeout: 60_000 }, controller.signal);
    const socket = await connection();
    controller.abort(new Error('given up'));
    await expect(connecting).rejects.toThrow('given up');
    if (!socket.destroyed) await once(socket, 'close');
  });

  it('destroys the socket and rejects when the signal aborts during a TLS handshake', async () => {
    const { port, connection } = await startSilentServer(GREETING);
    const controller = new AbortController();
    const options = { host: '127.0.0.1', port, connectTimeout: 60_000, ssl: {} };
    const connecting = connect(options, controller.signal).catch((error: unknown) => error);
    const socket = await connection();
    await vi.waitUntil(() => socket.bytesRead > SSL_REQUEST_BYTES);
    controller.abort();
    expect(await connecting).toBe(controller.signal.reason);
    if (!socket.destroyed) await once(socket, 'close');
  });

  it('does not connect when the signal is already aborted', async () => {
    const reason = new Error('given up');
    await expect(connect({ host: '127.0.0.1', port: 1 }, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('MysqlStore', () => {
  it('ends its connection when it is closed before a silent server responds', async () => {
    const { port, connection } = await startSilentServer();
    const store = createMysqlStore({ port, connectTimeoutMs: 60_000 });
    const opening = store.open(createTestContext()).catch((error: { code: string }) => error.code);
    const socket = await connection();
    await store.close();
    expect(await opening).toBe('VIGILANT_STORE_CLOSED');
    if (!socket.destroyed) await once(socket, 'close');
  });

  it.each([
    ['responds', undefined, 0],
    ['completes a TLS handshake', GREETING, SSL_REQUEST_BYTES],
  ])(
    'does not keep the process alive when it is closed before a silent server %s',
    async (_, greeting, sentBytes) => {
      const { port, connection } = await startSilentServer(greeting);
      const program = await bundleProgram('packages/store-mysql/test/programs/close-while-opening.ts');
      const child = fork(program, [String(port), ...(greeting === undefined ? [] : ['tls'])]);
      onTestFinished(() => void child.kill('SIGKILL'));
      const ended = once(child, 'exit');
      const socket = await connection();
      if (greeting !== undefined) await vi.waitUntil(() => socket.bytesRead > sentBytes);
      child.send('close');
      // Otherwise the process lives for the 10 minutes in which it may connect.
      expect(await ended).toEqual([0, null]);
    },
  );
});
