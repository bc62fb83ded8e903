import { createServer } from 'node:net';
import { rmSync } from 'node:fs';
import { createGrpcClient } from '@vigilant/grpc';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../../scripts/lib/bundle.mjs';
import { hostOf } from '../../src/transport/address';
import { output } from '../support/tools';
import { serve } from '../support/serve';

describe('a client of a loopback address', () => {
  it('connects directly although http_proxy is set', async () => {
    let connections = 0;
    const proxy = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => proxy.once('listening', resolve));
    const { port } = proxy.address() as { port: number };
    process.env['http_proxy'] = `http://127.0.0.1:${port}`;
    onTestFinished(() => {
      delete process.env['http_proxy'];
      proxy.close();
    });
    const { server } = await serve();
    const client = createGrpcClient({ address: server.address });
    expect((await client.query('')).events).toEqual([]);
    await client.close();
    expect(connections).toBe(0);
  });

  it.each([
    ['127.0.0.1:50051', '127.0.0.1'],
    ['localhost:50051', 'localhost'],
    ['[::1]:50051', '::1'],
    ['dns:localhost:50051', 'localhost'],
    ['dns:///localhost:50051', 'localhost'],
    ['ipv4:127.0.0.1:50051', '127.0.0.1'],
    ['ipv6:[::1]:50051', '::1'],
    ['localhost', 'localhost'],
    ['unix:/tmp/localhost', 'unix:/tmp/localhost'],
  ])('finds the host of %s', (address, host) => {
    expect(hostOf(address)).toBe(host);
  });
});

describe('a process that disallows code generation', () => {
  it('can serve, log and query over gRPC', async () => {
    const program = await bundleProgram('packages/grpc/test/programs/log-and-query.ts');
    onTestFinished(() => rmSync(program, { force: true }));
    const text = await output(process.execPath, ['--disallow-code-generation-from-strings', program]);
    expect(text.trim()).toBe(
      '[{"message":"an event","tags":["a","b"],"data":{"__proto__":[1,{"deep":true}]}}]',
    );
  });
});
