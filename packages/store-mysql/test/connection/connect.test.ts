import { createTestContext } from '@vigilant/conformance';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../../scripts/lib/bundle.mjs';
import { connect } from '../../src/connection/connect';
import { createMysqlStore } from '../../src/index';

/** Starts a server that accepts connections and never sends a byte. */
async function startSilentServer() {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on('error', () => {}).resume()));
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

  it('lets the process end when it is closed before a silent server responds', async () => {
    const { port, connection } = await startSilentServer();
    const program = await bundleProgram('packages/store-mysql/test/programs/close-while-opening.ts');
    const child = fork(program, [String(port)]);
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'exit');
    await connection();
    child.send('close');
    // Otherwise the process lives for the 10 minutes in which it may connect.
    expect(await ended).toEqual([0, null]);
  });
});
