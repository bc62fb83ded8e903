import type { ServiceError } from '@grpc/grpc-js';
import { status as Status } from '@grpc/grpc-js';
import { createManualClock, createMemoryStore } from '@vigilant/core';
import { describe, expect, it, vi } from 'vitest';
import { override } from '../support/override';
import { createRawClient } from '../support/raw-client';
import { serve } from '../support/serve';

const PATH = '/vigilant.v1.EventService/QueryEvents';
/** Time for the response on its way to the client, in milliseconds. */
const RESPONSE_MS = 250;

/** Serves a store that never answers a query. */
async function serveFrozenStore() {
  const clock = createManualClock();
  const query = vi.fn(() => new Promise<never>(() => {}));
  const store = override(createMemoryStore(), { query });
  const { server, vigilant } = await serve({ engine: { store, clock } });
  await vigilant.open();
  query.mockClear();
  return { address: server.address, clock, query };
}

describe('QueryEvents of a store that never answers', () => {
  it.each([5_000, 10_000, 12_000, 60_000])(
    'is UNAVAILABLE before the deadline of %i ms',
    async (deadlineMs) => {
      const { address, clock, query } = await serveFrozenStore();
      const deadline = new Date(Date.now() + deadlineMs);
      const answer = createRawClient(address).call(PATH, {}, { deadline });
      const code = answer.then(
        () => Status.OK,
        (error: ServiceError) => error.code,
      );
      await vi.waitUntil(() => query.mock.calls.length > 0, { timeout: 30_000 });
      await clock.advance(deadlineMs - RESPONSE_MS);
      expect(await code).toBe(Status.UNAVAILABLE);
    },
  );
});
