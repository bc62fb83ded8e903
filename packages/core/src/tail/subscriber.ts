import type { Event, StoredEvent } from '../event/event';
import type { Filter } from '../filter/ast';
import { createMatcher } from '../filter/matches';
import type { TailCursor } from '../query/cursor';
import { encodeTailCursor } from '../query/cursor';
import { createRecent } from '../util/recent';
import type { TailItem } from '../contracts/vigilant';
import { createReaderQueue } from './reader-queue';

/** Maximum number of ids of each kind remembered during a replay; beyond it duplicates are possible. */
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
  /** Queues a checkpoint, if the options ask for it. */
  checkpoint(at: TailCursor): void;
  push(item: TailItem): void;
  next(): Promise<TailItem | undefined>;
  end(): void;
  readonly hasEnded: boolean;
}

/** Creates a subscriber. */
export function createSubscriber({ filter, cursor, checkpoints, maxBufferedBytes }: JoinOptions): Subscriber {
  const matches = createMatcher(filter);
  const queue = createReaderQueue(maxBufferedBytes);
  /** Events that the replay has shown and that may still be announced as published. */
  const replayed = createRecent<true>(MAX_IDS);
  /** Published events that are queued until the replay ends, and that it may still reach. */
  const waiting = createRecent<true>(MAX_IDS);
  let consideredThrough = 0;
  let isReplaying = cursor !== undefined;
  let hasEnded = false;

  /** The last cursor as text: most events between two reads of the store share it. */
  let last: (TailCursor & { readonly text: string }) | undefined;
  const cursorAt = ({ epoch, sequence }: TailCursor): string => {
    const through = Math.max(sequence, consideredThrough);
    if (last?.epoch !== epoch || last.sequence !== through)
      last = { epoch, sequence: through, text: encodeTailCursor({ epoch, sequence: through }) };
    return last.text;
  };
  const pushEvent = (event: Event, at: TailCursor): void =>
    queue.push({ type: 'event', event, cursor: cursorAt(at) });

  return {
    filter,
    get consideredThrough() {
      return consideredThrough;
    },
    consider(sequence) {
      consideredThrough = Math.max(consideredThrough, sequence);
    },
    offerPublished(event, at) {
      if (!matches(event)) return false;
      if (replayed.delete(event.id)) return true;
      if (isReplaying) waiting.set(event.id, true);
      pushEvent(event, at);
      return true;
    },
    offerStored(event, at) {
      if (event.sequence > consideredThrough && matches(event)) pushEvent(event, at);
    },
    offerReplayed(event) {
      if (waiting.get(event.id) === true) return false;
      replayed.set(event.id, true);
      return true;
    },
    checkpoint(at) {
      if (checkpoints) queue.push({ type: 'checkpoint', cursor: cursorAt(at) });
    },
    push: (item) => queue.push(item),
    next() {
      isReplaying = false;
      return queue.next();
    },
    end() {
      hasEnded = true;
      queue.end();
    },
    get hasEnded() {
      return hasEnded;
    },
  };
}
