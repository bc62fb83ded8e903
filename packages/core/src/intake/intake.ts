import { VigilantError } from '../util/errors';
import { estimatedSize } from '../event/codec';
import type { Event } from '../event/event';
import type { Refusals } from './publish-valid';
import { publishValid } from './publish-valid';

/** Bytes of events that go to the broker in one publish. */
const GROUP_BYTES = 1024 * 1024;

/** How long a rejected caller should wait, in milliseconds. */
const FULL_RETRY_MS = 100;

/** Collects what is logged in one turn of the event loop and publishes it at once. */
export interface Intake {
  /**
   * Publishes events. Resolves once the broker holds them, to the events that it rejected. All events of a group share one
   * promise. A rejection that the caller does not handle raises no warning.
   *
   * @throws {VigilantError} `VIGILANT_BROKER_FULL`, at once, when too much is pending.
   */
  submit(events: readonly Event[]): Promise<Refusals>;
  /** Resolves when everything submitted before is settled. Never rejects. */
  drained(): Promise<void>;
  readonly pendingBytes: number;
  readonly accepted: number;
  readonly failed: number;
}

/** Events that share a publish. */
interface Group {
  readonly events: Event[];
  bytes: number;
  readonly published: Promise<Refusals>;
  readonly start: () => void;
}

/** What an intake works with. */
export interface IntakeParts {
  /** Hands a group to the broker, opening it first if need be. */
  readonly publish: (events: readonly Event[]) => Promise<void>;
  readonly maxPendingBytes: number;
  /** Told of every event that the broker refuses. */
  readonly onRefused: (error: VigilantError) => void;
  /** Told of every group that failed. */
  readonly onFailure: (error: unknown, events: number) => void;
}

/** Creates an intake. */
export function createIntake({ publish, maxPendingBytes, onRefused, onFailure }: IntakeParts): Intake {
  const running = new Set<Promise<void>>();
  let group: Group | undefined;
  let pendingBytes = 0;
  let accepted = 0;
  let failed = 0;

  const createGroup = (): Group => {
    const events: Event[] = [];
    let start = (): void => {};
    const started = new Promise<void>((resolve) => (start = resolve));
    const created: Group = {
      events,
      bytes: 0,
      start,
      published: started.then(() => publishValid(publish, events)),
    };
    const settled = created.published
      .then(
        (refusals) => {
          accepted += events.length - refusals.size;
          failed += refusals.size;
          for (const error of refusals.values()) onRefused(error);
        },
        (error: unknown) => {
          failed += events.length;
          onFailure(error, events.length);
        },
      )
      .then(() => {
        pendingBytes -= created.bytes;
        running.delete(settled);
      });
    running.add(settled);
    setImmediate(() => {
      if (group === created) group = undefined;
      start();
    });
    return created;
  };

  return {
    submit(events) {
      let bytes = 0;
      for (const event of events) bytes += estimatedSize(event);
      if (bytes > maxPendingBytes) {
        failed += events.length;
        throw new VigilantError(
          'VIGILANT_BROKER_FULL',
          `The events of this call have ${bytes} bytes; maxPendingBytes allows ${maxPendingBytes}. Split the batch.`,
          { retryable: false },
        );
      }
      if (pendingBytes + bytes > maxPendingBytes) {
        failed += events.length;
        throw new VigilantError(
          'VIGILANT_BROKER_FULL',
          `${pendingBytes} bytes of events wait for the broker; at most ${maxPendingBytes} may. Await log() or slow down.`,
          { retryAfterMs: FULL_RETRY_MS },
        );
      }
      if (group !== undefined && group.bytes + bytes > GROUP_BYTES) group = undefined;
      group ??= createGroup();
      for (const event of events) group.events.push(event);
      group.bytes += bytes;
      pendingBytes += bytes;
      return group.published;
    },
    async drained() {
      await Promise.all(running);
    },
    get pendingBytes() {
      return pendingBytes;
    },
    get accepted() {
      return accepted;
    },
    get failed() {
      return failed;
    },
  };
}
