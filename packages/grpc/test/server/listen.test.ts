import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVigilant } from '@vigilant/core';
import { createGrpcClient, serveGrpc } from '@vigilant/grpc';
import { describe, expect, it } from 'vitest';
import { atEnd, serve } from '../support/serve';

/** A path in a folder that is deleted once the test is over. */
function freshPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-grpc-'));
  atEnd(async () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'server.sock');
}

const serveAt = (socketPath: string) => serveGrpc(createVigilant(), { socketPath });

/** Leaves a socket file behind, as a killed server does. */
function abandonSocket(path: string): void {
  const program = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  try {
    execFileSync(process.execPath, ['-e', program]);
  } catch {
    // The process kills itself.
  }
}

describe('serveGrpc on a Unix socket', () => {
  it('serves calls on a socket that only its user may open', async () => {
    const path = freshPath();
    const server = await serveAt(path);
    atEnd(() => server.close());
    expect(server).toMatchObject({ address: `unix:${path}`, port: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const client = createGrpcClient({ address: server.address });
    await client.log({ id: 'a', message: 'm' });
    expect(await client.get('a')).toMatchObject({ message: 'm' });
    await client.close();
  });

  it('removes its socket when it closes', async () => {
    const path = freshPath();
    await (await serveAt(path)).close();
    expect(() => lstatSync(path)).toThrow('ENOENT');
  });

  it('replaces the socket of a killed server', async () => {
    const path = freshPath();
    abandonSocket(path);
    expect(lstatSync(path).isSocket()).toBe(true);
    const server = await serveAt(path);
    await server.close();
  });

  it('rejects a path that holds a file, and keeps the file', async () => {
    const path = freshPath();
    writeFileSync(path, 'precious');
    await expect(serveAt(path)).rejects.toMatchObject({
      code: 'VIGILANT_OPTIONS_INVALID',
      message: `serveGrpc.socketPath: ${path} exists and is not a socket. Remove it, or choose another path.`,
      violations: [{ field: 'serveGrpc.socketPath', code: 'invalid_value' }],
    });
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it('rejects a path that holds a folder', async () => {
    const path = freshPath();
    mkdirSync(path);
    await expect(serveAt(path)).rejects.toThrow('is not a socket');
  });

  it('rejects the socket of a running server, and keeps it', async () => {
    const path = freshPath();
    const first = await serveAt(path);
    atEnd(() => first.close());
    await expect(serveAt(path)).rejects.toMatchObject({
      code: 'VIGILANT_ADDRESS_IN_USE',
      message: expect.stringContaining(path),
    });
    const client = createGrpcClient({ address: first.address });
    await client.log({ message: 'still served' });
    await client.close();
  });

  it('names the path when its folder does not exist', async () => {
    const path = join(freshPath(), 'missing', 'server.sock');
    await expect(serveAt(path)).rejects.toMatchObject({
      code: 'VIGILANT_OPTIONS_INVALID',
      message: expect.stringContaining(path),
      violations: [{ field: 'serveGrpc.socketPath', code: 'invalid_value' }],
    });
  });
});

describe('serveGrpc on a port', () => {
  it('serves localhost on every address of that name', async () => {
    const { server } = await serve({ server: { host: 'localhost' } });
    expect(server.address).toBe(`localhost:${server.port}`);
    const client = createGrpcClient({ address: `127.0.0.1:${server.port}` });
    await client.log({ message: 'm' });
    await client.close();
  });

  it('rejects a port that is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    atEnd(async () => other.close());
    const { port } = other.address() as { port: number };
    await expect(serveGrpc(createVigilant(), { port })).rejects.toMatchObject({
      code: 'VIGILANT_ADDRESS_IN_USE',
    });
  });

  it('names a host that this machine does not have', async () => {
    const options = { host: '203.0.113.1', port: 0, allowUnauthenticated: true };
    await expect(serveGrpc(createVigilant(), options)).rejects.toMatchObject({
      code: 'VIGILANT_OPTIONS_INVALID',
      message: expect.stringContaining('203.0.113.1'),
      violations: [{ field: 'serveGrpc.host', code: 'invalid_value' }],
    });
  });
});
