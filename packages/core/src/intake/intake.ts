import { VigilantError } from '../util/errors';
import { estimatedSize } from '../event/codec';
import type { Event } from '../event/event';
import type { Rejections } from './publish-valid';
import { publishValid } from './publish-valid';

/** Target size of a publish, in bytes of events. */
const GROUP_BYTES = 1024 * 1024;

/** Recommended pause after the intake was full, in milliseconds. Shorter than for a full broker. */
const INTAKE_RETRY_MS = 100;

/** Publishes all events of one turn of the event loop together. */
export interface Intake {
  /**
   * Publishes events. Resolves once the broker holds them, to the events that it rejected. All events of a group share one
   * promise. A rejection that the caller does not handle raises no warning.
   *
   * @throws {VigilantError} `VIGILANT_BROKER_FULL`, thrown synchronously when more than `maxPendingBytes` would be pending.
   */
  submit(events: readonly Event[]): Promise<Rejections>;
  /** Resolves when all events submitted before are settled. Never rejects. */
  drained(): Promise<void>;
  readonly pendingBytes: number;
  readonly accepted: number;
  readonly failed: number;
}

/** Events that share a publish. */
interface Group {
  readonly events: Event[];
  bytes: number;
  readonly published: Promise<Rejections>;
  readonly start: () => void;
}

/** Dependencies of an intake. */
export interface IntakeParts {
  /** Publishes events to the broker, and opens it first if necessary. */
  readonly publish: (events: readonly Event[]) => Promise<void>;
  readonly maxPendingBytes: number;
  /** Called for each event that the broker rejects. */
  readonly onRejected: (error: VigilantError) => void;
  /** Called for each publish that failed. */
  readonly onFailure: (error: unknown, events: number) => void;
}

/** Creates an intake. */
export function createIntake({ publish, maxPendingBytes, onRejected, onFailure }: IntakeParts): Intake {
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
        (rejections) => {
          accepted += events.length - rejections.size;
          failed += rejections.size;
          for (const error of rejections.values()) onRejected(error);
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
          { retryAfterMs: INTAKE_RETRY_MS },
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
