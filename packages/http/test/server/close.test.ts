import type { Vigilant } from '@vigilant/core';
import { serveHttp } from '@vigilant/http';
import { describe, expect, it, vi } from 'vitest';
import { canConnect } from '../../../../scripts/test/support/can-connect';
import { PEERS } from '../support/peers';
import { readText, requestText, sendText } from '../support/raw-socket';
import { atEnd, createEngine, serve } from '../support/serve';

/** Closes the server and returns how long it took, in milliseconds. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

describe('HttpServer.close', () => {
  it.each(Object.entries(PEERS))(
    'ends within its grace time despite %s, and keeps the engine open',
    async (_, open) => {
      const { vigilant, server } = await serve();
      await open(server.port, vigilant);
      // Peers that stall use up the grace time. The margin is for a busy machine.
      expect(await timeOf(() => server.close({ graceMs: 1_000 }))).toBeLessThan(6_000);
      expect(await canConnect(server.port)).toBe(false);
      await vigilant.log({ id: 'later', message: 'm' });
      expect(await vigilant.get('later')).toMatchObject({ id: 'later' });
    },
  );

  it.each([
    'a silent connection',
    'half-sent headers',
    'an idle keep-alive connection',
    'a tail that is read',
  ])('does not wait for %s', async (name) => {
    const { vigilant, server } = await serve();
    await PEERS[name]?.(server.port, vigilant);
    // Well below the default grace time, which a busy machine must not reach.
    expect(await timeOf(() => server.close())).toBeLessThan(8_000);
  });

  it('waits until a running request is answered', async () => {
    let finish: (() => void) | undefined;
    const vigilant = createEngine();
    const slow: Vigilant = {
      ...vigilant,
      async get() {
        await new Promise<void>((resolve) => (finish = resolve));
        return undefined;
      },
    };
    const server = await serveHttp(slow, { port: 0 });
    atEnd(() => server.close());
    const response = fetch(`${server.url}v1/events/a`);
    const finishCall = await vi.waitUntil(() => finish, { timeout: 30_000 });
    const closed = server.close();
    await expect.poll(() => canConnect(server.port)).toBe(false);
    finishCall();
    await closed;
    expect((await response).status).toBe(404);
  });

  it('answers a half-sent body with 503 before it destroys the connection', async () => {
    const authorize = vi.fn(() => true);
    const { server } = await serve({ server: { authorize } });
    const headers = ['Content-Type: application/json', 'Content-Length: 1000'];
    const socket = await sendText(server.port, requestText('POST', '/v1/events', headers, '{'));
    await expect.poll(() => authorize).toHaveBeenCalled();
    const answer = readText(socket);
    await server.close({ graceMs: 2_000 });
    expect(await answer).toContain('HTTP/1.1 503');
  });

  it('sends a problem to the readers of tails', async () => {
    const { server } = await serve();
    const response = await fetch(`${server.url}v1/tail`);
    const text = response.text();
    await server.close();
    expect(await text).toContain('event: problem\ndata: {"type":"urn:vigilant:error:VIGILANT_CLOSED"');
  });

  it('is idempotent', async () => {
    const { server } = await serve();
    await Promise.all([server.close(), server.close()]);
    await server.close();
  });

  it.each([[{ graceMs: -1 }], [{ graceMs: Infinity }], [{ grace: 1 }], [null]])(
    'rejects %j and stays open',
    async (options) => {
      const { server } = await serve();
      await expect(server.close(options as never)).rejects.toMatchObject({
        code: 'VIGILANT_OPTIONS_INVALID',
      });
      expect((await fetch(`${server.url}livez`)).status).toBe(200);
    },
  );
});
