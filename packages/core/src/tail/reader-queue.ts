import { encodedSize } from '../event/codec';
import type { TailItem } from '../contracts/vigilant';
import { createWakeup } from '../util/wakeup';

/** Number of items read before the queue is compacted. */
const COMPACT_AFTER = 1_000;

/** A bounded queue of items for one reader of a tail. Counts the events that do not fit. */
export interface ReaderQueue {
  push(item: TailItem): void;
  /** Resolves to the next item, or to `undefined` once the queue has ended. */
  next(): Promise<TailItem | undefined>;
  /** Ends the queue at once and drops waiting items. */
  end(): void;
}

/** Creates the queue of a reader. Events beyond `maxBytes` are replaced by one `gap` in their position. */
export function createReaderQueue(maxBytes: number): ReaderQueue {
  return new BoundedQueue(maxBytes);
}

class BoundedQueue implements ReaderQueue {
  readonly #maxBytes: number;
  readonly #items: TailItem[] = [];
  readonly #wakeup = createWakeup();
  #bytes = 0;
  #head = 0;
  /** Number of missed events that no gap in the queue counts yet, and the cursor of the last one. */
  #missed = 0;
  #missedCursor = '';
  #hasEnded = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(item: TailItem): void {
    if (this.#hasEnded) return;
    if (item.type === 'event') {
      const size = encodedSize(item.event);
      if (this.#bytes > 0 && this.#bytes + size > this.#maxBytes) {
        this.#missed += 1;
        this.#missedCursor = item.cursor;
        return;
      }
      this.#append(item);
      this.#bytes += size;
    } else if (item.type === 'checkpoint' && this.#missed > 0) {
      // Becomes part of the gap: no cursor may pass the missed events before the reader knows of them.
      this.#missedCursor = item.cursor;
    } else if (item.type === 'checkpoint' && this.#endsWithCheckpoint()) {
      this.#items[this.#items.length - 1] = item;
    } else this.#append(item);
    this.#wakeup.wake();
  }

  async next(): Promise<TailItem | undefined> {
    for (;;) {
      if (this.#hasEnded) return undefined;
      if (this.#items.length === this.#head) this.#flushGap();
      const item = this.#shift();
      if (item !== undefined) return item;
      await this.#wakeup.wait();
    }
  }

  end(): void {
    this.#hasEnded = true;
    this.#items.length = 0;
    this.#wakeup.wake();
  }

  /** Appends an item after the gap of the events that were missed before it. */
  #append(item: TailItem): void {
    this.#flushGap();
    this.#items.push(item);
  }

  #flushGap(): void {
    if (this.#missed === 0) return;
    this.#items.push({ type: 'gap', reason: 'slow', missed: this.#missed, cursor: this.#missedCursor });
    this.#missed = 0;
  }

  #endsWithCheckpoint(): boolean {
    return this.#items.length > this.#head && this.#items.at(-1)?.type === 'checkpoint';
  }

  #shift(): TailItem | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    if (this.#head > COMPACT_AFTER) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    if (item.type === 'event') this.#bytes -= encodedSize(item.event);
    return item;
  }
}
