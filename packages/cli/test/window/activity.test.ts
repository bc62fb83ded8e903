import { createManualClock } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { createActivity } from '../../src/window/activity';

describe('Activity', () => {
  it('waits until no request has been running for the whole time', async () => {
    const clock = createManualClock();
    const activity = createActivity(clock);
    let isIdle = false;
    const idle = activity.untilIdle(1_000).then(() => (isIdle = true));
    await clock.advance(900);
    const endTail = activity.start();
    activity.start()();
    await clock.advance(5_000);
    endTail();
    await clock.advance(999);
    expect(isIdle).toBe(false);
    await clock.advance(1_000);
    expect(isIdle).toBe(true);
    await idle;
    expect(clock.pendingTimers).toBe(0);
  });

  it('leaves no timer after it is stopped, however many callers wait', async () => {
    const clock = createManualClock();
    const activity = createActivity(clock);
    const waits = [activity.untilIdle(1_000), activity.untilIdle(1_000)];
    expect(clock.pendingTimers).toBe(2);
    activity.stop();
    await Promise.all(waits);
    expect(clock.pendingTimers).toBe(0);
  });
});
