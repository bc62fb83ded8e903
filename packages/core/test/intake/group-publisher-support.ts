import { encodedSize } from '../../src/event/codec';
import type { Event } from '../../src/event/event';
import type { GroupPublisher } from '../../src/intake/group-publisher';
import { createGroupPublisher } from '../../src/intake/group-publisher';
import type { VigilantError } from '../../src/util/errors';
import { event } from '../support';

export const MIB = 1024 * 1024;

interface Publish {
  readonly events: readonly Event[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Creates a publisher whose publishes the test settles. */
export function setUp(maxPendingBytes = 100 * MIB) {
  const publishes: Publish[] = [];
  const rejected: VigilantError[] = [];
  const failures: unknown[] = [];
  const publisher = createGroupPublisher({
    publish: (batch) =>
      new Promise((resolve, reject) => publishes.push({ events: [...batch], resolve, reject })),
    maxPendingBytes,
    onRejected: (error) => rejected.push(error),
    onFailure: (error, count) => failures.push([error, count]),
  });
  return { publisher, publishes, rejected, failures };
}

/** Returns an event of exactly this many bytes. */
export function eventOf(bytes: number): Event {
  const id = 'sized';
  const empty = encodedSize(event({ id, message: '' }));
  return event({ id, message: 'x'.repeat(bytes - empty) });
}

export const countsOf = ({ pendingBytes, accepted, failed }: GroupPublisher) => ({
  pendingBytes,
  accepted,
  failed,
});
