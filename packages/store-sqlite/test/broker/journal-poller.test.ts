import { createManualClock } from '@vigilant/core';
import { createTestContext } from '@vigilant/conformance';
import { describe, expect, it } from 'vitest';
import type { Journal } from '../../src/broker/journal-client';
import { LOOK_MS, Peers } from '../../src/broker/journal-poller';
import type { ObserveRequest, Observed } from '../../src/journal/journal-protocol';

const NOTHING: Observed = { hasPeers: true, published: [], isHole: false, isBarrier: false, estates: [] };

function createPeers() {
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
  } as Journal;
  const peers = new Peers({ journal, context, isWatched: () => false, observed: () => {} }, true);
  return { clock, context, peers, requests, answers };
}

describe('Peers', () => {
  it('shows events published after the skip of a watch that is about to begin', async () => {
    const { clock, peers, requests, answers } = createPeers();
    const skipped = peers.skip();
    await clock.advance(LOOK_MS);
    expect(requests.map(({ isWatched }) => isWatched)).toEqual([false, true]);
    answers[0]?.(NOTHING);
    await skipped;
    peers.stop();
  });

  it('has a failure reason while it cannot read the journal, and reports it once', async () => {
    const { clock, context, peers, answers } = createPeers();
    for (const answer of [new Error('locked'), new Error('locked'), NOTHING]) {
      await clock.advance(LOOK_MS);
      answers.shift()?.(answer);
      await clock.advance(0);
      expect(peers.failureReason === undefined).toBe(answer === NOTHING);
    }
    expect(context.reported).toMatchObject([{ code: 'observe-failed' }]);
    peers.stop();
  });
});
