import { createManualClock } from '@vigilant/core';
import { createTestContext } from '@vigilant/conformance';
import { describe, expect, it } from 'vitest';
import type { JournalClient } from '../../src/broker/journal-client';
import { POLL_MS, JournalPoller } from '../../src/broker/journal-poller';
import type { ObserveRequest, Observed } from '../../src/journal/journal-protocol';

const NOTHING: Observed = { hasPeers: true, published: [], hasGap: false, isBarrier: false, orphaned: [] };

function createPoller(isIdle: () => boolean = () => false) {
  const clock = createManualClock();
  const context = createTestContext({ clock });
  const requests: ObserveRequest[] = [];
  const answers: ((answer: Observed | Error) => void)[] = [];
  const journal = {
    observe: (request: ObserveRequest) =>
      new Promise<Observed>((resolve, reject) => {
        requests.push(request);
        answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
      }),
  } as JournalClient;
  const seen: Observed[] = [];
  const observed = (each: Observed): void => void seen.push(each);
  const poller = new JournalPoller({ journal, context, isWatched: () => false, isIdle, observed }, true);
  return { clock, context, poller, requests, answers, seen };
}

describe('JournalPoller', () => {
  it('returns events published after the skip of a watch that is about to begin', async () => {
    const { clock, poller, requests, answers } = createPoller();
    const skipped = poller.skip();
    await clock.advance(POLL_MS);
    expect(requests.map(({ isWatched }) => isWatched)).toEqual([false, true]);
    answers[0]?.(NOTHING);
    await skipped;
    poller.stop();
  });

  it('polls every 50 ms while other processes have the journal open, with maintenance once a second', async () => {
    const { clock, poller, requests, answers } = createPoller();
    for (let poll = 0; poll < 40; poll += 1) {
      await clock.advance(POLL_MS);
      answers.shift()?.(NOTHING);
      await clock.advance(0);
    }
    const maintained = requests.flatMap(({ isMaintenance }, index) => (isMaintenance ? [index + 1] : []));
    expect(requests).toHaveLength(40);
    expect(maintained).toEqual([20, 40]);
    poller.stop();
  });

  it('polls every second, with maintenance, while there is no other process', async () => {
    const { clock, poller, requests, answers } = createPoller();
    await clock.advance(POLL_MS);
    answers.shift()?.({ ...NOTHING, hasPeers: false });
    await clock.advance(0);
    await clock.advance(999);
    expect(requests).toHaveLength(1);
    await clock.advance(1);
    expect(requests.slice(1)).toEqual([{ isWatched: false, isMaintenance: true }]);
    poller.stop();
  });

  it('polls every second while it is idle, although other processes have the journal open', async () => {
    const { clock, poller, requests, answers } = createPoller(() => true);
    await clock.advance(999);
    expect(requests).toHaveLength(0);
    await clock.advance(1);
    answers.shift()?.(NOTHING);
    await clock.advance(1_000);
    expect(requests).toEqual([
      { isWatched: false, isMaintenance: true },
      { isWatched: false, isMaintenance: true },
    ]);
    poller.stop();
  });

  it('polls within 50 ms once it is no longer idle', async () => {
    let isIdle = true;
    const { clock, poller, requests, answers } = createPoller(() => isIdle);
    await clock.advance(300);
    isIdle = false;
    poller.wake();
    poller.wake();
    await clock.advance(POLL_MS);
    expect(requests).toHaveLength(1);
    answers.shift()?.(NOTHING);
    await clock.advance(0);
    await clock.advance(POLL_MS);
    expect(requests).toHaveLength(2);
    poller.stop();
  });

  it('polls within 50 ms after the skip of a watch that is about to begin', async () => {
    const { clock, poller, requests, answers } = createPoller(() => true);
    const skipped = poller.skip();
    await clock.advance(POLL_MS);
    expect(requests.map(({ isWatched }) => isWatched)).toEqual([false, true]);
    answers[0]?.(NOTHING);
    await skipped;
    poller.stop();
  });

  it('does not poll after it was stopped, and ignores a late answer', async () => {
    const { clock, poller, requests, answers, seen } = createPoller();
    await clock.advance(POLL_MS);
    poller.stop();
    answers.shift()?.(NOTHING);
    await clock.advance(10_000);
    expect(requests).toHaveLength(1);
    expect(seen).toEqual([]);
  });

  it('has a failure reason while it cannot read the journal, and reports it once', async () => {
    const { clock, context, poller, answers } = createPoller();
    for (const answer of [new Error('locked'), new Error('locked'), NOTHING]) {
      await clock.advance(POLL_MS);
      answers.shift()?.(answer);
      await clock.advance(0);
      expect(poller.failureReason === undefined).toBe(answer === NOTHING);
    }
    expect(context.reported).toMatchObject([{ code: 'observe-failed' }]);
    poller.stop();
  });
});
