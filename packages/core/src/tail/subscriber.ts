import type { Event, StoredEvent } from '../event/event';
import type { Filter } from '../filter/ast';
import { createMatcher } from '../filter/matches';
import type { TailCursor } from '../query/cursor';
import { encodeTailCursor } from '../query/cursor';
import { createRecent } from '../util/recent';
import type { TailItem } from '../contracts/vigilant';
import type { ReaderQueue } from './reader-queue';
import { createReaderQueue } from './reader-queue';

/** Maximum number of ids of each kind remembered during a replay; beyond it, events may repeat. */
const MAX_IDS = 10_000;

/** Options of a tail. */
export interface JoinOptions {
  /** Without relative times. */
  readonly filter: Filter;
  /** Position after which the tail starts. @defaultValue now */
  readonly cursor?: TailCursor;
  readonly checkpoints: boolean;
  readonly maxBufferedBytes: number;
}

/** A live subscriber of the hub. */
export interface Subscriber {
  readonly filter: Filter;
  /** Stored events up to this sequence were delivered or need not be. */
  readonly consideredThrough: number;
  /** Skips stored events up to this sequence. */
  consider(sequence: number): void;
  /** Offers a published event. Returns whether it matches. */
  offerPublished(event: Event, at: TailCursor): boolean;
  /** Offers an event that was first seen in the store. */
  offerStored(event: StoredEvent, at: TailCursor): void;
  /** Returns whether a replay must deliver an event. Events published in the meantime are already queued. */
  offerReplayed(event: StoredEvent): boolean;
  /** Queues a checkpoint if the options request checkpoints. */
  checkpoint(at: TailCursor): void;
  push(item: TailItem): void;
  next(): Promise<TailItem | undefined>;
  end(): void;
  readonly hasEnded: boolean;
}

/** Creates a subscriber. */
export function createSubscriber(options: JoinOptions): Subscriber {
  return new QueueSubscriber(options);
}

class QueueSubscriber implements Subscriber {
  readonly filter: Filter;
  readonly #matches: (event: Event) => boolean;
  readonly #wantsCheckpoints: boolean;
  readonly #queue: ReaderQueue;
  /** Events that the replay has delivered and that may still be announced as published. */
  readonly #replayed = createRecent<true>(MAX_IDS);
  /** Published events that are queued until the replay ends, and that it may still reach. */
  readonly #waiting = createRecent<true>(MAX_IDS);
  #consideredThrough = 0;
  #isReplaying: boolean;
  #hasEnded = false;
  /** The last cursor as text: most events between two reads of the store share it. */
  #lastCursor: (TailCursor & { readonly text: string }) | undefined;

  constructor({ filter, cursor, checkpoints, maxBufferedBytes }: JoinOptions) {
    this.filter = filter;
    this.#matches = createMatcher(filter);
    this.#wantsCheckpoints = checkpoints;
    this.#queue = createReaderQueue(maxBufferedBytes);
    this.#isReplaying = cursor !== undefined;
  }

  get consideredThrough(): number {
    return this.#consideredThrough;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  consider(sequence: number): void {
    this.#consideredThrough = Math.max(this.#consideredThrough, sequence);
  }

  offerPublished(event: Event, at: TailCursor): boolean {
    if (!this.#matches(event)) return false;
    if (this.#replayed.delete(event.id)) return true;
    if (this.#isReplaying) this.#waiting.set(event.id, true);
    this.#pushEvent(event, at);
    return true;
  }

  offerStored(event: StoredEvent, at: TailCursor): void {
    if (event.sequence > this.#consideredThrough && this.#matches(event)) this.#pushEvent(event, at);
  }

  offerReplayed(event: StoredEvent): boolean {
    if (this.#waiting.get(event.id) === true) return false;
    this.#replayed.set(event.id, true);
    return true;
  }

  checkpoint(at: TailCursor): void {
    if (this.#wantsCheckpoints) this.push({ type: 'checkpoint', cursor: this.#cursorAt(at) });
  }

  push(item: TailItem): void {
    this.#queue.push(item);
  }

  next(): Promise<TailItem | undefined> {
    this.#isReplaying = false;
    return this.#queue.next();
  }

  end(): void {
    this.#hasEnded = true;
    this.#queue.end();
  }

  #pushEvent(event: Event, at: TailCursor): void {
    this.push({ type: 'event', event, cursor: this.#cursorAt(at) });
  }

  #cursorAt({ epoch, sequence }: TailCursor): string {
    const through = Math.max(sequence, this.#consideredThrough);
    if (this.#lastCursor?.epoch !== epoch || this.#lastCursor.sequence !== through)
      this.#lastCursor = { epoch, sequence: through, text: encodeTailCursor({ epoch, sequence: through }) };
    return this.#lastCursor.text;
  }
}
