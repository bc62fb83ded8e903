import { createManualClock } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import type { KafkaClient } from '../../src/contracts/kafka-client';
import { raiseGroupBarrier } from '../../src/coordination/group-barrier';
import { createGroupProgress } from '../../src/offsets/group-progress';

/** Creates a barrier on a topic with one pending record. Kafka answers the first request for committed offsets and no other. */
function createBarrier() {
  const clock = createManualClock();
  let requests = 0;
  const client = {
    ranges: async () => [{ partition: 0, low: 0, end: 1, stableEnd: 1 }],
    committed: () => ((requests += 1) === 1 ? Promise.resolve(new Map()) : new Promise(() => {})),
    produce: async () => [],
  } as unknown as KafkaClient;
  const progress = createGroupProgress(client, 'group', 'topic', clock);
  const closing = new AbortController();
  const parts = {
    client,
    controlTopic: 'control',
    progress,
    clock,
    closing: closing.signal,
    requestFlush: () => {},
  };
  const deadline = new AbortController();
  return { clock, closing, deadline, result: raiseGroupBarrier(parts, { signal: deadline.signal }) };
}

describe('raiseGroupBarrier', () => {
  it.each(['deadline', 'closing'] as const)(
    'ends at its %s during the pause between two polls',
    async (name) => {
      const barrier = createBarrier();
      await barrier.clock.advance(10);
      barrier[name].abort();
      expect(await barrier.result).toEqual({ complete: false, pending: 1 });
      expect(barrier.clock.pendingTimers).toBe(0);
    },
  );

  it.each(['deadline', 'closing'] as const)('ends at its %s while Kafka does not respond', async (name) => {
    const barrier = createBarrier();
    await barrier.clock.advance(1_000);
    barrier[name].abort();
    expect(await barrier.result).toEqual({ complete: false, pending: 1 });
  });
});
