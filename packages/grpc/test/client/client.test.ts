import type { EventInput } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { all, createClient, restartable } from '../support/client';
import { serve } from '../support/serve';

describe('createGrpcClient', () => {
  it('preserves every field of an event', async () => {
    const { server } = await serve();
    const client = createClient(server.address, { defaults: { origin: 'host', tags: ['x'] } });
    const input: EventInput = {
      id: 'e1',
      message: 'lone \ud800 and 😀',
      level: 'warning',
      severity: -3,
      timestamp: '2026-01-02T03:04:05.123456Z',
      source: 'src',
      type: 't',
      group: 'g',
      tags: ['a', 'b'],
      data: { big: 9007199254740993n, nested: [{ k: null }, 1.5], text: '支' },
    };
    expect(await client.log(input)).toEqual({ id: 'e1' });
    const event = await client.get('e1');
    expect(event).toMatchObject({
      message: 'lone \ufffd and 😀',
      level: 'WARN',
      severity: -3,
      timestamp: Date.parse('2026-01-02T03:04:05.123Z') + 0.456,
      origin: 'host',
      data: { big: '9007199254740993', nested: [{ k: null }, 1.5], text: '支' },
      sequence: 1,
    });
    expect(await client.get('unknown')).toBeUndefined();
  });

  it('rejects an invalid event before sending it, with the error of the engine, and sends the others', async () => {
    const { server, vigilant } = await serve();
    const client = createClient(server.address);
    const inputs = [{ message: 'good' }, { message: 'bad', level: 'loud' }, { message: 'fine' }];
    const result = await client.logBatch(inputs as EventInput[]);
    const local = await vigilant.logBatch([
      { message: 'bad', level: 'loud' },
      { message: 'bad', level: 'loud' },
    ] as never);
    expect(result.accepted).toBe(2);
    expect(result.results[1]).toMatchObject({ error: { code: 'VIGILANT_EVENT_INVALID' } });
    expect(JSON.stringify(result.results[1])).toBe(JSON.stringify(local.results[1]));
    expect(await all(client)).toHaveLength(2);
  });

  it('rejects unknown options and values outside their range', async () => {
    const { server } = await serve();
    const client = createClient(server.address);
    for (const options of [{ sicne: '2h' }, { order: 'x' }, { limit: 0 }, { limit: 1.5 }])
      await expect(client.query('', options as never)).rejects.toMatchObject({
        code: 'VIGILANT_QUERY_INVALID',
      });
    expect(() => client.tail('', { sicne: 1 } as never)).toThrow(/Unknown option "sicne" of tail\(\)/);
  });

  it('reports the events that the server rejects', async () => {
    const redact = (): never => {
      throw new Error('cannot');
    };
    const { server } = await serve({ engine: { redact } });
    const result = await createClient(server.address).logBatch([{ message: 'm' }]);
    expect(result).toMatchObject({ accepted: 0, results: [{ error: { code: 'VIGILANT_INTERNAL' } }] });
  });

  it('sends 10,000 large events in one call and reads all of them', async () => {
    const { server } = await serve();
    const client = createClient(server.address, { maxBufferedBytes: 64 * 1024 * 1024 });
    const inputs = Array.from({ length: 10_000 }, (_, n) => ({ message: `${n} ${'m'.repeat(2_000)}` }));
    expect((await client.logBatch(inputs)).accepted).toBe(10_000);
    const events = await all(client);
    expect(new Set(events.map(({ id }) => id)).size).toBe(10_000);
  });

  it('rejects events that do not fit into its buffer, and keeps the others', async () => {
    const server = await restartable();
    await server.stop();
    const client = createClient(server.address, { maxBufferedBytes: 1024 * 1024 });
    const held = client.log({ message: 'h'.repeat(60_000) });
    const more = Array.from({ length: 20 }, () => client.log({ message: 'm'.repeat(60_000) }));
    const rejected = (await Promise.allSettled(more.slice(18))).map((result) => result.status);
    expect(rejected).toEqual(['rejected', 'rejected']);
    await expect(more[19]).rejects.toMatchObject({ code: 'VIGILANT_BROKER_FULL', retryable: true });
    await server.start();
    await held;
  });
});
