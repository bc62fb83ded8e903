import { status as Status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { createVigilant } from '@vigilant/core';
import type { Vigilant } from '@vigilant/core';
import { serveGrpc } from '@vigilant/grpc';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundleProgram } from '../../../../scripts/lib/bundle.mjs';
import { canConnect } from '../../../../scripts/test/support/can-connect';
import { PEERS } from '../support/peers';
import { createRawClient } from '../support/raw-client';
import { atEnd, serve } from '../support/serve';

let program: string;
beforeAll(async () => {
  program = await bundleProgram('packages/grpc/test/programs/embedded-server.ts');
});
afterAll(() => rmSync(program, { force: true }));

/** Starts an application with a server in a process of its own. */
async function startEmbedded() {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  atEnd(async () => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, address: line.toString().trim() };
}

describe('an application after it has closed its server and engine', () => {
  it.each(Object.entries(PEERS))('ends within its grace time despite %s', async (_name, open) => {
    const { child, address } = await startEmbedded();
    await open(address);
    const ended = once(child, 'close');
    const startedAt = performance.now();
    child.stdin.end();
    const [code] = await ended;
    expect(code).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

describe('GrpcServer.close', () => {
  it('waits until a running call is answered', async () => {
    let finish: (() => void) | undefined;
    const vigilant = createVigilant();
    atEnd(() => vigilant.close());
    const slow: Vigilant = {
      ...vigilant,
      async get() {
        await new Promise<void>((resolve) => (finish = resolve));
        return undefined;
      },
    };
    const server = await serveGrpc(slow, { port: 0 });
    const call = createRawClient(server.address).call('/vigilant.v1.EventService/GetEvent', { id: 'a' });
    const outcome = call.catch((error: ServiceError) => error.code);
    const finishCall = await vi.waitUntil(() => finish, { timeout: 30_000 });
    const closed = server.close();
    await expect.poll(() => canConnect(server.port)).toBe(false);
    finishCall();
    await closed;
    expect(await outcome).toBe(Status.NOT_FOUND);
  });

  it('does not wait for idle clients', async () => {
    const { server } = await serve();
    await createRawClient(server.address).call('/vigilant.v1.EventService/QueryEvents', {});
    const startedAt = performance.now();
    await server.close();
    // Well below the default grace time, which a busy machine must not reach.
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  });
});
