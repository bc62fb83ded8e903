import type { ServiceError } from '@grpc/grpc-js';
import { status as Status } from '@grpc/grpc-js';
import { createManualClock, createMemoryStore } from '@vigilant/core';
import { describe, expect, it, vi } from 'vitest';
import { override } from '../support/override';
import { createRawClient } from '../support/raw-client';
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
  ['/vigilant.v1.EventService/QueryEvents', {}],
  ['/vigilant.v1.EventService/GetEvent', { id: 'a' }],
  ['/logger.LogService/GetLog', { id: 1 }],
])('%s of a store that never answers', (path, request) => {
  it.each([5_000, 10_000, 12_000, 60_000])(
    'is UNAVAILABLE before the deadline of %i ms',
    async (deadlineMs) => {
      const { address, clock, answer } = await serveFrozenStore();
      const deadline = new Date(Date.now() + deadlineMs);
      const response = createRawClient(address).call(path, request, { deadline });
      const code = response.then(
        () => Status.OK,
        (error: ServiceError) => error.code,
      );
      await vi.waitUntil(() => answer.mock.calls.length > 0);
      await clock.advance(deadlineMs - RESPONSE_MS);
      expect(await code).toBe(Status.UNAVAILABLE);
    },
  );
});
