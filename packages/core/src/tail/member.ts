import type { Event, StoredEvent } from '../event/event';
import type { Filter } from '../filter/ast';
import { createMatcher } from '../filter/matches';
import type { TailCursor } from '../query/cursor';
import { encodeTailCursor } from '../query/cursor';
import { createRecent } from '../recent';
import type { TailItem } from '../vigilant';
import { createReaderQueue } from './reader-queue';

/** Ids of a replay that are remembered, since the watch may bring the same events. */
const MAX_REPLAYED = 5_000;

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
  /** Remembers an event that a replay has sent. */
  rememberReplayed(event: StoredEvent): void;
  /** Says that everything up to here was considered. */
  checkpoint(at: TailCursor): void;
  push(item: TailItem): void;
  next(): Promise<TailItem | undefined>;
  end(): void;
  readonly hasEnded: boolean;
}

/** Creates a member that nothing was offered yet. */
export function createMember({ filter, checkpoints, maxBufferedBytes }: JoinOptions): Member {
  const matches = createMatcher(filter);
  const queue = createReaderQueue(maxBufferedBytes);
  const replayed = createRecent<true>(MAX_REPLAYED);
  let consideredThrough = 0;
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
      if (!replayed.delete(event.id)) pushEvent(event, at);
      return true;
    },
    offerStored(event, at) {
      if (event.sequence > consideredThrough && matches(event)) pushEvent(event, at);
    },
    rememberReplayed: (event) => replayed.set(event.id, true),
    checkpoint(at) {
      if (checkpoints) queue.push({ type: 'checkpoint', cursor: cursorAt(at) });
    },
    push: (item) => queue.push(item),
    next: () => queue.next(),
    end() {
      hasEnded = true;
      queue.end();
    },
    get hasEnded() {
      return hasEnded;
    },
  };
}
