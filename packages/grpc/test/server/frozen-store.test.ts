import type { ServiceError } from '@grpc/grpc-js';
import { status as Status } from '@grpc/grpc-js';
import { createManualClock, createMemoryStore } from '@vigilant/core';
import { describe, expect, it, vi } from 'vitest';
import { override } from '../support/override';
import { collect, createRawClient } from '../support/raw-client';
import { serve } from '../support/serve';

/** Time for the response on its way to the client, in milliseconds. */
const RESPONSE_MS = 250;

/** Serves a store that never answers a query or `get`. */
async function serveFrozenStore() {
  const clock = createManualClock();
  const answer = vi.fn(() => new Promise<never>(() => {}));
  const store = override(createMemoryStore(), { query: answer, get: answer });
  const { server, vigilant } = await serve({ engine: { store, clock } });
  await vigilant.open();
  answer.mockClear();
  return { address: server.address, clock, answer };
}

describe.each([
  ['/vigilant.v1.EventService/QueryEvents', {}, [5_000, 10_000, 12_000, 60_000]],
  ['/vigilant.v1.EventService/GetEvent', { id: 'a' }, [5_000, 10_000, 60_000]],
  ['/logger.LogService/GetLog', { id: 1 }, [5_000, 10_000, 60_000]],
  ['/logger.LogService/GetLogs', {}, [5_000, 10_000, 12_000, 60_000]],
])('%s of a store that never answers', (path, request, deadlines) => {
  it.each(deadlines)('is UNAVAILABLE before the deadline of %i ms', async (deadlineMs) => {
    const { address, clock, answer } = await serveFrozenStore();
    const client = createRawClient(address);
    const options = { deadline: new Date(Date.now() + deadlineMs) };
    const response = path.endsWith('GetLogs')
      ? collect(client.stream(path, request, options))
      : client.call(path, request, options);
    const code = response.then(
      () => Status.OK,
      (error: ServiceError) => error.code,
    );
    await expect.poll(() => answer).toHaveBeenCalled();
    await clock.advance(deadlineMs - RESPONSE_MS);
    expect(await code).toBe(Status.UNAVAILABLE);
  });
});
