import type { TailItem } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { createClient, restartable } from '../support/client';
import { serve } from '../support/serve';

describe('GrpcClient.tail', () => {
  it('continues after a restart of the server without missing or repeating events', async () => {
    const server = await restartable();
    const client = createClient(server.address);
    const tail = client.tail('level>=WARN', { checkpoints: true });
    const first = await tail.next();
    expect((first.value as TailItem).type).toBe('checkpoint');
    const seen: string[] = [];
    const reading = (async () => {
      for await (const item of tail) {
        if (item.type === 'event') seen.push(item.event.message);
        if (seen.length === 20) return;
      }
    })();
    for (let n = 0; n < 10; n += 1) await server.vigilant.log({ message: `${n}`, level: 'warn' });
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(10);
    await server.stop();
    for (let n = 10; n < 20; n += 1) await server.vigilant.log({ message: `${n}`, level: 'warn' });
    await server.start();
    await reading;
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => `${n}`));
  });

  it('ends a pending next() on return() and when the client is closed', async () => {
    const { server, vigilant } = await serve();
    const client = createClient(server.address);
    const one = client.tail();
    const waiting = one.next();
    await one.return?.();
    expect((await waiting).done).toBe(true);
    const other = client.tail().next();
    await client.close();
    expect((await other).done).toBe(true);
    await expect.poll(async () => (await vigilant.status()).tails, { timeout: 10_000 }).toBe(0);
  });

  it('rejects an invalid filter', async () => {
    const { server } = await serve();
    await expect(createClient(server.address).tail('level:').next()).rejects.toMatchObject({
      code: 'VIGILANT_FILTER_INVALID',
    });
  });
});
