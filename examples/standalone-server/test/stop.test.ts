import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGrpcClient } from '@vigilant/grpc';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PEERS } from '../../../packages/grpc/test/support/peers';
import { requestText, sendText } from '../../../packages/http/test/support/raw-socket';
import { bundleProgram } from '../../../scripts/lib/bundle.mjs';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { bundleServer, startServer, temporaryFolder } from './server';
import type { RunningServer } from './server';

/** Docker kills a process after this time. */
const STOP_LIMIT_MS = 10_000;

/** Headers of a request whose body is not sent completely. */
const UPLOAD = ['Content-Type: application/json', 'Content-Length: 1000'];

const TIMEOUT_MS = 90_000;

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

describe('the standalone server over HTTP', () => {
  /** Opens a tail that is never read, and sends more than the buffers of the connection and of the tail hold. */
  async function openUnreadTail({ url }: RunningServer): Promise<void> {
    const tail = await sendText(Number(new URL(url).port), requestText('GET', '/v1/tail'));
    await once(tail, 'readable');
    const events = Array.from({ length: 100 }, () => ({ message: 'm'.repeat(32_000) }));
    const body = JSON.stringify(events);
    const headers = { 'content-type': 'application/json' };
    for (let batch = 0; batch < 5; batch += 1)
      expect((await fetch(`${url}v1/events`, { method: 'POST', headers, body })).status).toBe(200);
  }

  async function sendHalf({ url }: RunningServer): Promise<void> {
    const text = requestText('POST', '/v1/events', UPLOAD, '[{"message":');
    await sendText(Number(new URL(url).port), text);
  }

  async function expectToStop(server: RunningServer): Promise<void> {
    const startedAt = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(STOP_LIMIT_MS);
    expect(server.output()).toMatch(/SIGTERM: stopping\nstopped; 500 stored, 0 left/);
  }

  it(
    'stops within its limit despite an open tail, a tail that is not read and a half-sent request',
    async () => {
      const server = await start();
      const read = (await fetch(`${server.url}v1/tail`)).text();
      await openUnreadTail(server);
      await sendHalf(server);
      await expectToStop(server);
      expect(await read).toContain('event: problem');
    },
    TIMEOUT_MS,
  );

  describeWithService('chromium', 'with a tab', (executablePath) => {
    it(
      'stops within its limit while the console shows live events',
      async () => {
        // The bundle has no files of the console.
        const built = fileURLToPath(new URL('../dist/main.js', import.meta.url));
        const server = await startServer(built, { VIGILANT_DATA: temporaryFolder(onTestFinished) });
        const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
        onTestFinished(() => browser.close());
        const page = await browser.newPage();
        await page.goto(`${server.url}?live=1`);
        await page.locator('button.live .dot.on').waitFor();
        await openUnreadTail(server);
        await sendHalf(server);
        await expectToStop(server);
        await page.getByText('Reconnecting').first().waitFor();
      },
      TIMEOUT_MS,
    );
  });
});
