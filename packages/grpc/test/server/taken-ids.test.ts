import { createMemoryStore } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import type { LogEventResponse, LogEventsResponse } from '../../src/generated/vigilant-v1';
import { path } from '../support/event-service';
import { override } from '../support/override';
import { createRawClient } from '../support/raw-client';
import { serve } from '../support/serve';

describe('LogEvents with check_ids', () => {
  it('reports ids of events with different content, in the store or earlier in the call', async () => {
    const { server, vigilant } = await serve();
    await vigilant.log({ id: 'stored', message: 'first' });
    await vigilant.flush();
    const client = createRawClient(server.address);
    const events = [
      { id: 'stored', message: 'other' },
      { id: 'stored', message: 'first' },
      { id: 'new', message: 'first' },
      { id: 'bad', message: 'm', level: 17 },
      { id: 'new', message: 'other' },
      { message: 'without an id' },
    ];
    const { results = [], accepted } = await client.call<LogEventsResponse>(path('LogEvents'), {
      events,
      checkIds: true,
    });
    expect(accepted).toBe(5);
    expect(results.map(({ idTaken }) => idTaken ?? false)).toEqual([true, false, false, false, true, false]);
    await vigilant.flush();
    expect((await vigilant.deadLetters.list()).letters).toHaveLength(2);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('The disk is gone.'))],
    ['does not answer', () => new Promise(() => {})],
  ])('accepts events while the store %s', async (_what, get) => {
    const { server } = await serve({ engine: { store: override(createMemoryStore(), { get }) } });
    const client = createRawClient(server.address);
    const request = { events: [{ id: 'a', message: 'm' }, { message: 'without an id' }], checkIds: true };
    const deadline = new Date(Date.now() + 2_000);
    const { accepted } = await client.call<LogEventsResponse>(path('LogEvents'), request, { deadline });
    expect(accepted).toBe(2);
  });

  it('does not report ids by default', async () => {
    const { server, vigilant } = await serve();
    await vigilant.log({ id: 'stored', message: 'first' });
    await vigilant.flush();
    const events = [{ id: 'stored', message: 'other' }];
    const client = createRawClient(server.address);
    const { results } = await client.call<LogEventsResponse>(path('LogEvents'), { events });
    expect(results).toEqual([{ id: 'stored' }]);
  });
});

describe('LogEvent with check_id', () => {
  it('reports an id that is stored with different content', async () => {
    const { server, vigilant } = await serve();
    await vigilant.log({ id: 'a', message: 'first' });
    await vigilant.flush();
    const client = createRawClient(server.address);
    const log = (message: string) =>
      client.call<LogEventResponse>(path('LogEvent'), { event: { id: 'a', message }, checkId: true });
    expect(await log('other')).toEqual({ id: 'a', idTaken: true });
    expect(await log('first')).toEqual({ id: 'a' });
  });

  it('accepts an event while the store fails', async () => {
    const get = () => Promise.reject(new Error('The disk is gone.'));
    const { server } = await serve({ engine: { store: override(createMemoryStore(), { get }) } });
    const request = { event: { id: 'a', message: 'm' }, checkId: true };
    const client = createRawClient(server.address);
    expect(await client.call<LogEventResponse>(path('LogEvent'), request)).toEqual({ id: 'a' });
  });
});
