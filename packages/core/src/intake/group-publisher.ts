import { VigilantError } from '../util/errors';
import { yieldToEventLoop } from '../util/clock';
import { estimatedSize } from '../event/codec';
import type { EncodedEvents } from '../event/encoded-events';
import { createEventEncoder } from '../event/encoded-events';
import type { Event } from '../event/event';
import { AnswerQueue } from './answer-queue';
import type { Rejections } from './publish-valid';
import { NONE_REJECTED, publishValid } from './publish-valid';

/** Target size of a publish, in bytes of events. */
const GROUP_BYTES = 1024 * 1024;

/** Recommended pause after maxPendingBytes was reached, in milliseconds. Shorter than for a full broker. */
const PENDING_RETRY_MS = 100;

/** Prepares events, and encodes them if the broker keeps them encoded. */
export type Prepare = () => Promise<readonly Event[] | EncodedEvents>;

/** Publishes all events of one turn of the event loop together. */
export interface GroupPublisher {
  /**
   * Publishes events. Resolves once the broker holds them, to the events that it rejected. All events of a group share one
   * promise. A rejection that the caller does not handle raises no warning.
   *
   * @param bytes - Their approximate encoded size, if it is known.
   * @throws {VigilantError} `VIGILANT_BROKER_FULL`, thrown synchronously when more than `maxPendingBytes` would be pending.
   */
  submit(events: readonly Event[], bytes?: number): Promise<Rejections>;
  /** Publishes encoded events as `submit` does. Requires `publishEncoded`. */
  submitEncoded(events: EncodedEvents): Promise<Rejections>;
  /**
   * Prepares and publishes events, one batch at a time. Events that are submitted later are published after them. Rejects, and
   * calls `onRejected`, if they would exceed `maxPendingBytes`.
   *
   * @param prepare - Never rejects.
   */
  submitPrepared(prepare: Prepare): Promise<Rejections>;
  /** Resolves when all events submitted before the call are settled. Never rejects. */
  drained(): Promise<void>;
  readonly pendingBytes: number;
  readonly accepted: number;
  readonly failed: number;
}

/** Dependencies of a publisher. */
export interface GroupPublisherParts {
  /** Publishes events to the broker, and opens it first if necessary. */
  readonly publish: (events: readonly Event[]) => Promise<void>;
  /** Publishes encoded events. Called instead of `publish`, if the broker keeps events encoded. */
  readonly publishEncoded?: (events: EncodedEvents) => Promise<void>;
  readonly maxPendingBytes: number;
  /** Called for each event that the broker rejects, and for prepared events that exceed `maxPendingBytes`. */
  readonly onRejected: (error: VigilantError) => void;
  /** Called for each publish that failed. */
  readonly onFailure: (error: unknown, events: number) => void;
}

/** Creates a publisher. */
export function createGroupPublisher(parts: GroupPublisherParts): GroupPublisher {
  return new EventLoopPublisher(parts);
}

/** Events that share a publish. */
interface Group {
  readonly items: (Event | EncodedEvents)[];
  events: number;
  bytes: number;
  readonly published: Promise<Rejections>;
}

class EventLoopPublisher implements GroupPublisher {
  readonly #parts: GroupPublisherParts;
  /** Groups that are not settled. */
  readonly #running = new Set<Promise<void>>();
  readonly #answers = new AnswerQueue();
  /** The group that further events of this turn join. */
  #group: Group | undefined;
  /** Resolves once all events in preparation are submitted. */
  #preparing: Promise<void> | undefined;
  #pendingBytes = 0;
  #accepted = 0;
  #failed = 0;

  constructor(parts: GroupPublisherParts) {
    this.#parts = parts;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  get accepted(): number {
    return this.#accepted;
  }

  get failed(): number {
    return this.#failed;
  }

  submit(events: readonly Event[], bytes = sizeOf(events)): Promise<Rejections> {
    const group = this.#join(events.length, bytes);
    for (const event of events) group.items.push(event);
    return group.published;
  }

  submitEncoded(events: EncodedEvents): Promise<Rejections> {
    const group = this.#join(events.count, events.bytes);
    group.items.push(events);
    return group.published;
  }

  submitPrepared(prepare: Prepare): Promise<Rejections> {
    const before = this.#preparing ?? Promise.resolve();
    const group = before.then(prepare).then((events) => this.#submitAlone(events));
    const preparing = group.then(ignore, ignore).then(() => {
      if (this.#preparing === preparing) this.#preparing = undefined;
    });
    const published = group.then((submitted) => submitted?.published ?? NONE_REJECTED);
    const settled = published.then(ignore, ignore).then(() => void this.#running.delete(settled));
    this.#running.add(settled);
    this.#preparing = preparing;
    // Later events must not join an earlier group.
    this.#group = undefined;
    return published;
  }

  async drained(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Submits prepared events in a group of their own; returns `undefined` if there are none. */
  #submitAlone(events: readonly Event[] | EncodedEvents): Group | undefined {
    const isEncoded = isEncodedEvents(events);
    const count = isEncoded ? events.count : events.length;
    if (count === 0) return undefined;
    try {
      const bytes = isEncoded ? events.bytes : sizeOf(events);
      this.#checkRoom(count, bytes);
      const group = this.#createGroup(undefined, isEncoded ? [events] : [...events]);
      this.#add(group, count, bytes);
      return group;
    } catch (error) {
      this.#parts.onRejected(error as VigilantError);
      throw error;
    }
  }

  /** Returns the group of this turn with room for further events. @throws {VigilantError} `VIGILANT_BROKER_FULL` */
  #join(events: number, bytes: number): Group {
    this.#checkRoom(events, bytes);
    if (this.#group !== undefined && this.#group.bytes + bytes > GROUP_BYTES) this.#group = undefined;
    const group = (this.#group ??= this.#createGroup(this.#preparing));
    this.#add(group, events, bytes);
    return group;
  }

  #add(group: Group, events: number, bytes: number): void {
    group.events += events;
    group.bytes += bytes;
    this.#pendingBytes += bytes;
  }

  /** Throws when events of this size would exceed `maxPendingBytes`. */
  #checkRoom(events: number, bytes: number): void {
    const { maxPendingBytes } = this.#parts;
    if (this.#pendingBytes + bytes <= maxPendingBytes) return;
    this.#failed += events;
    if (bytes > maxPendingBytes)
      throw new VigilantError(
        'VIGILANT_BROKER_FULL',
        `The events of this call have ${bytes} bytes; maxPendingBytes allows ${maxPendingBytes}. Split the batch.`,
        { retryable: false },
      );
    throw new VigilantError(
      'VIGILANT_BROKER_FULL',
      `${this.#pendingBytes} bytes of events are waiting for the broker; the limit is ${maxPendingBytes}. Await log() or send fewer events.`,
      { retryAfterMs: PENDING_RETRY_MS },
    );
  }

  /** Creates a group that is published at the end of this turn of the event loop, or of the turn in which `after` resolves. */
  #createGroup(after: Promise<void> | undefined, items: (Event | EncodedEvents)[] = []): Group {
    const turn = after === undefined ? yieldToEventLoop() : after.then(yieldToEventLoop);
    const sent = turn.then(() => this.#publish(group));
    const group: Group = {
      items,
      events: 0,
      bytes: 0,
      published: sent.finally(() => this.#answers.next(group.bytes)),
    };
    const counted = sent
      .then(
        (rejections) => this.#count(group, rejections),
        (error: unknown) => this.#fail(group, error),
      )
      .then(() => void (this.#pendingBytes -= group.bytes));
    const settled = Promise.allSettled([counted, group.published]).then(
      () => void this.#running.delete(settled),
    );
    this.#running.add(settled);
    return group;
  }

  async #publish(group: Group): Promise<Rejections> {
    if (this.#group === group) this.#group = undefined;
    // The events are no longer needed once they are encoded.
    const items = group.items.splice(0);
    const { publish, publishEncoded } = this.#parts;
    if (publishEncoded === undefined) return publishValid(publish, items as Event[]);
    await publishEncoded(encodeItems(items));
    return NONE_REJECTED;
  }

  #count({ events }: Group, rejections: Rejections): void {
    this.#accepted += events - rejections.size;
    this.#failed += rejections.size;
    for (const error of rejections.values()) this.#parts.onRejected(error);
  }

  #fail({ events }: Group, error: unknown): void {
    this.#failed += events;
    this.#parts.onFailure(error, events);
  }
}

function sizeOf(events: readonly Event[]): number {
  let bytes = 0;
  for (const event of events) bytes += estimatedSize(event);
  return bytes;
}

function isEncodedEvents(item: Event | readonly Event[] | EncodedEvents): item is EncodedEvents {
  return 'parts' in item;
}

function encodeItems(items: readonly (Event | EncodedEvents)[]): EncodedEvents {
  const encoder = createEventEncoder();
  for (const item of items) {
    if (isEncodedEvents(item)) encoder.addAll(item);
    else encoder.add(item);
  }
  return encoder.finish();
}

function ignore(): void {}
