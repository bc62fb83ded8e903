import { createManualClock } from '@vigilant/core';
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { GroupOptions, KafkaClient } from '../../src/contracts/kafka-client';
import { runConsumer, supervise } from '../../src/consume/supervise';

/** A client whose consumers fail at once. */
const failing = {
  consume({ onEnd }: GroupOptions) {
    queueMicrotask(() => onEnd(new Error('it broke')));
    return { pause() {}, resume() {}, seek() {}, stop: async () => {} };
  },
} as unknown as KafkaClient;

const options = { group: 'g', topics: ['t'] } as unknown as Omit<GroupOptions, 'onEnd'>;

describe('supervise', () => {
  it('restarts a failing consumer with increasing pauses, and removes its listeners', async () => {
    const clock = createManualClock();
    const ending = new AbortController();
    const failedAt: number[] = [];
    const running = supervise(
      clock,
      ending.signal,
      (signal) => runConsumer(signal, failing, options),
      () => failedAt.push(clock.monotonic()),
    );
    for (let step = 0; step < 1_200; step += 1) await clock.advance(100);
    expect(failedAt.length).toBeGreaterThan(20);
    expect(failedAt.length).toBeLessThan(60);
    expect(getEventListeners(ending.signal, 'abort').length).toBeLessThanOrEqual(2);
    ending.abort();
    await running;
    expect(clock.pendingTimers).toBe(0);
  });
});
