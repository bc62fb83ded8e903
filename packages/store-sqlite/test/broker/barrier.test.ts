import { createManualClock } from '@vigilant/core';
import { encodeAll } from '@vigilant/core/adapter';
import { describe, expect, it } from 'vitest';
import type { BarrierContext } from '../../src/broker/barrier';
import { waitForAll } from '../../src/broker/barrier';
import { createChangeSignal } from '../../src/broker/change-signal';
import type { JournalClient } from '../../src/broker/journal-client';
import { OwnerQueues } from '../../src/broker/owner-queues';
import type { QueuePositions } from '../../src/broker/owner-queues';
import { POLL_MS } from '../../src/broker/journal-poller';
import { sampleEvents } from '../support/sample-events';

function createBarrier() {
  const clock = createManualClock();
  const queues = new OwnerQueues();
  const acknowledgements = createChangeSignal();
  const ending = new AbortController();
  const flushes: QueuePositions[] = [];
  const asked: number[] = [];
  const state = { isOpen: true, generation: 1, isPending: false, failure: undefined as Error | undefined };
  const answer = async <T>(value: T): Promise<T> => {
    if (state.failure !== undefined) throw state.failure;
    return value;
  };
  const journal = {
    raise: () => answer({ through: 7, isPending: state.isPending }),
    isPending(through: number) {
      asked.push(through);
      return answer(state.isPending);
    },
  } as Partial<JournalClient> as JournalClient;
  const context: BarrierContext = {
    clock,
    journal,
    queues,
    acknowledgements,
    isOpen: () => state.isOpen,
    generation: () => state.generation,
    raiseFlush: (positions) => void flushes.push(positions),
  };
  let result: unknown;
  return {
    clock,
    queues,
    acknowledgements,
    ending,
    flushes,
    asked,
    state,
    raise: () => waitForAll(context, ending.signal),
    /** Raises the barrier without waiting for it. */
    async begin() {
      const barrier = waitForAll(context, ending.signal).then((value) => (result = value));
      await clock.advance(0);
      return barrier;
    },
    result: () => result,
    publish(number: number) {
      queues.own.add({ number, bytes: 100, events: encodeAll(sampleEvents(1)) });
    },
    async acknowledge(number: number) {
      await queues.take(1_000, async () => []);
      queues.own.acknowledged([number]);
      queues.removed([{ owner: 0, events: 1, bytes: 100 }]);
      acknowledgements.notify();
      await clock.advance(0);
    },
  };
}

describe('waitForAll', () => {
  it('completes at once when nothing is pending, and flushes in any case', async () => {
    const { raise, flushes } = createBarrier();
    expect(await raise()).toEqual({ complete: true, pending: 0 });
    expect(flushes).toHaveLength(1);
  });

  it('waits for events published before, and not for later ones', async () => {
    const { raise, publish, acknowledge, flushes, queues, clock, asked } = createBarrier();
    publish(1);
    let isComplete = false;
    const barrier = raise().finally(() => (isComplete = true));
    await clock.advance(10_000);
    expect(isComplete).toBe(false);
    expect([...(flushes[0]?.values() ?? [])]).toEqual([1]);
    publish(2);
    await acknowledge(1);
    expect(await barrier).toEqual({ complete: true, pending: 0 });
    expect(queues.pending.events).toBe(1);
    // Nothing of other processes was pending.
    expect(asked).toEqual([]);
  });

  it('polls the journal for other processes', async () => {
    const { raise, state, clock, asked } = createBarrier();
    state.isPending = true;
    const barrier = raise();
    await clock.advance(POLL_MS - 1);
    expect(asked).toEqual([]);
    await clock.advance(1);
    expect(asked).toEqual([7]);
    state.isPending = false;
    await clock.advance(POLL_MS);
    expect(await barrier).toEqual({ complete: true, pending: 0 });
    expect(asked).toEqual([7, 7]);
  });

  it('resolves at its signal with the number of its own pending events', async () => {
    const { raise, publish, ending, clock } = createBarrier();
    publish(1);
    publish(2);
    const barrier = raise();
    await clock.advance(0);
    publish(3);
    ending.abort();
    expect(await barrier).toEqual({ complete: false, pending: 2 });
  });

  it('counts only events that are still pending at its signal', async () => {
    const { raise, publish, acknowledge, ending, clock } = createBarrier();
    publish(1);
    publish(2);
    const barrier = raise();
    await clock.advance(0);
    await acknowledge(1);
    ending.abort();
    expect(await barrier).toEqual({ complete: false, pending: 1 });
  });

  it('omits the number of events that are pending in other processes', async () => {
    const { raise, state, ending, clock } = createBarrier();
    state.isPending = true;
    const barrier = raise();
    await clock.advance(0);
    ending.abort();
    expect(await barrier).toEqual({ complete: false });
  });

  it('resolves when the broker closes, also if the journal then rejects', async () => {
    const { raise, publish, state, acknowledgements, clock } = createBarrier();
    publish(1);
    const barrier = raise();
    await clock.advance(0);
    state.isOpen = false;
    acknowledgements.notify();
    expect(await barrier).toMatchObject({ complete: false });
    state.failure = new Error('closed');
    expect(await raise()).toEqual({ complete: false });
  });

  it('rejects when the journal fails while the broker is open', async () => {
    const { raise, state } = createBarrier();
    state.failure = new Error('damaged');
    await expect(raise()).rejects.toThrow('damaged');
  });

  it('does not trust an answer of an earlier thread', async () => {
    const { raise, publish, acknowledge, state, clock, asked } = createBarrier();
    publish(1);
    const barrier = raise();
    await clock.advance(0);
    // The thread was restarted, and may have taken over from a dead process.
    state.generation = 2;
    await acknowledge(1);
    expect(asked).toEqual([]);
    await clock.advance(POLL_MS);
    expect(asked).toEqual([7]);
    expect(await barrier).toEqual({ complete: true, pending: 0 });
  });
});
