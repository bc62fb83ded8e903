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

/** How a reader joins. */
export interface JoinOptions {
  /** Without relative times. */
  readonly filter: Filter;
  /** Behind which to go on. Absent: from now on. */
  readonly cursor?: TailCursor;
  readonly checkpoints: boolean;
  readonly maxBufferedBytes: number;
}

/** A reader as the hub sees it. */
export interface Member {
  readonly filter: Filter;
  /** Stored events up to this sequence are none of its business, or it had them. */
  readonly consideredThrough: number;
  /** Says that the reader needs nothing more up to this sequence. */
  consider(sequence: number): void;
  /** Offers an event that was published; `true` when the reader wants it. */
  offerPublished(event: Event, at: TailCursor): boolean;
  /** Offers an event that only the store knew of. */
  offerStored(event: StoredEvent, at: TailCursor): void;
  /** Returns whether a replay must show an event. An event published in the meantime is queued already. */
  offerReplayed(event: StoredEvent): boolean;
  /** Says that everything up to here was considered. */
  checkpoint(at: TailCursor): void;
  push(item: TailItem): void;
  next(): Promise<TailItem | undefined>;
  end(): void;
  readonly hasEnded: boolean;
}

/** Creates a member that nothing was offered yet. */
export function createMember({ filter, cursor, checkpoints, maxBufferedBytes }: JoinOptions): Member {
  const matches = createMatcher(filter);
  const queue = createReaderQueue(maxBufferedBytes);
  /** Events that the replay has shown and that may still be announced as published. */
  const replayed = createRecent<true>(MAX_IDS);
  /** Published events that are queued until the replay ends, and that it may still reach. */
  const waiting = createRecent<true>(MAX_IDS);
  let consideredThrough = 0;
  let isReplaying = cursor !== undefined;
  let hasEnded = false;

  const cursorAt = ({ epoch, sequence }: TailCursor): string =>
    encodeTailCursor({ epoch, sequence: Math.max(sequence, consideredThrough) });
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
