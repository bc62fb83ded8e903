import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/event/event';
import type { GroupPublisher } from '../../src/intake/group-publisher';
import { settle } from '../support';
import { countsOf, eventOf, setUp } from './group-publisher-support';

/** Returns what `submit()` throws. */
function rejectionOf(publisher: GroupPublisher, batch: readonly Event[]): unknown {
  try {
    void publisher.submit(batch);
  } catch (error) {
    return error;
  }
  throw new Error('submit() accepted the events');
}

describe('GroupPublisher', () => {
  it('rejects a call that is larger than maxPendingBytes as not retryable', () => {
    const { publisher } = setUp(1_000);
    for (const failed of [2, 4]) {
      expect(rejectionOf(publisher, [eventOf(600), eventOf(401)])).toMatchObject({
        code: 'VIGILANT_BROKER_FULL',
        message: 'The events of this call have 1001 bytes; maxPendingBytes allows 1000. Split the batch.',
        retryable: false,
      });
      expect(countsOf(publisher)).toEqual({ pendingBytes: 0, accepted: 0, failed });
    }
  });

  it('accepts a call of exactly maxPendingBytes', () => {
    const { publisher } = setUp(1_000);
    void publisher.submit([eventOf(600), eventOf(400)]);
    expect(countsOf(publisher)).toEqual({ pendingBytes: 1_000, accepted: 0, failed: 0 });
  });

  it('rejects events while too many bytes are pending, and states when to retry', () => {
    const { publisher } = setUp(1_000);
    void publisher.submit([eventOf(600)]);
    for (const failed of [1, 2]) {
      expect(rejectionOf(publisher, [eventOf(401)])).toMatchObject({
        code: 'VIGILANT_BROKER_FULL',
        message:
          '600 bytes of events are waiting for the broker; the limit is 1000. Await log() or send fewer events.',
        retryable: true,
        retryAfterMs: 100,
      });
      expect(countsOf(publisher)).toEqual({ pendingBytes: 600, accepted: 0, failed });
    }
  });

  it('accepts events until exactly maxPendingBytes are pending', () => {
    const { publisher } = setUp(1_000);
    void publisher.submit([eventOf(600)]);
    void publisher.submit([eventOf(400)]);
    expect(publisher.pendingBytes).toBe(1_000);
  });

  it('accepts events again once the pending ones are published', async () => {
    const { publisher, publishes } = setUp(1_000);
    void publisher.submit([eventOf(1_000)]);
    await settle();
    publishes[0]?.resolve();
    await settle();
    void publisher.submit([eventOf(1_000)]);
    expect(publisher.pendingBytes).toBe(1_000);
  });
});
