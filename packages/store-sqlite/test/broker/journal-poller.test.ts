import { createManualClock } from '@vigilant/core';
import { createTestContext } from '@vigilant/conformance';
import { describe, expect, it } from 'vitest';
import type { JournalClient } from '../../src/broker/journal-client';
import { POLL_MS, JournalPoller } from '../../src/broker/journal-poller';
import type { ObserveRequest, Observed } from '../../src/journal/journal-protocol';

const NOTHING: Observed = { hasPeers: true, published: [], hasGap: false, isBarrier: false, orphaned: [] };

function createPoller() {
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
  const poller = new JournalPoller({ journal, context, isWatched: () => false, observed: () => {} }, true);
  return { clock, context, poller, requests, answers };
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
