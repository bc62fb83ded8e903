import { rmSync } from 'node:fs';
import { createGrpcClient } from '@vigilant/grpc';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PEERS } from '../../../packages/grpc/test/support/peers';
import { bundleProgram } from '../../../scripts/lib/bundle.mjs';
import { bundleServer, startServer, temporaryFolder } from './server';
import type { RunningServer } from './server';

/** Docker kills a process after this time. */
const STOP_LIMIT_MS = 10_000;

let bundle: string;
beforeAll(async () => {
  bundle = await bundleServer();
}, 120_000);
afterAll(() => rmSync(bundle, { force: true }));

async function start(): Promise<RunningServer> {
  const server = await startServer(bundle, { VIGILANT_DATA: temporaryFolder(onTestFinished) });
  onTestFinished(() => void server.child.kill('SIGKILL'));
  return server;
}

async function logOnce(server: RunningServer, message = 'm'): Promise<void> {
  const client = createGrpcClient({ address: server.address });
  await client.log({ message });
  await client.close();
}

describe('the standalone server', () => {
  it.each(Object.entries(PEERS))('stops within its limit despite %s', async (_name, open) => {
    const server = await start();
    await open(server.address);
    const startedAt = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(STOP_LIMIT_MS);
    expect(server.output()).toMatch(/SIGTERM: stopping\nstopped; \d+ stored, 0 left/);
  });

  it('ends with 1 within its limit when the engine does not close', async () => {
    const program = await bundleProgram('examples/standalone-server/test/programs/stuck-server.ts');
    onTestFinished(() => rmSync(program, { force: true }));
    const server = await startServer(program, {});
    const startedAt = performance.now();
    expect(await server.stop()).toBe(1);
    expect(performance.now() - startedAt).toBeLessThan(STOP_LIMIT_MS);
    expect(server.output()).toContain('error: stopping took longer than 9000 ms');
  });

  it('ends with 0 when a signal arrives before it listens', async () => {
    const program = await bundleProgram('examples/standalone-server/test/programs/starting-server.ts');
    onTestFinished(() => rmSync(program, { force: true }));
    const server = await startServer(program, {});
    expect(await server.stop()).toBe(0);
    expect(server.output()).toMatch(
      /\ntry\nSIGTERM: stopping before the start is complete\nstopped; 0 stored.*\n$/,
    );
  });

  it('keeps running and stops cleanly after its output is closed', async () => {
    const server = await start();
    server.child.stdout?.destroy();
    server.child.stderr?.destroy();
    const client = createGrpcClient({ address: server.address });
    // An invalid request makes it print a warning.
    await expect(client.query('', { since: 'never' })).rejects.toThrow();
    await client.close();
    await logOnce(server);
    expect(await server.stop()).toBe(0);
  });

  it('ignores SIGHUP without a terminal, as under nohup', async () => {
    const server = await start();
    server.child.kill('SIGHUP');
    await logOnce(server);
    expect(await server.stop()).toBe(0);
  });

  it('stops cleanly when a signal arrives twice in quick succession, as from npm', async () => {
    const server = await start();
    // With an open connection, stopping takes a moment.
    await PEERS['a silent connection']?.(server.address);
    server.child.kill('SIGINT');
    await server.untilOutput('SIGINT: stopping');
    expect(await server.stop('SIGINT')).toBe(0);
    expect(server.output()).toContain('stopped');
  });
});
