import { encodedSize } from '../event/codec';
import type { TailItem } from '../contracts/vigilant';
import { createWakeup } from '../util/wakeup';

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
  const items: TailItem[] = [];
  const wakeup = createWakeup();
  let bytes = 0;
  let head = 0;
  let missed = 0;
  let missedCursor = '';
  let hasEnded = false;

  const flushGap = (): void => {
    if (missed === 0) return;
    items.push({ type: 'gap', reason: 'slow', missed, cursor: missedCursor });
    missed = 0;
  };

  const shift = (): TailItem | undefined => {
    const item = items[head];
    if (item === undefined) return undefined;
    head += 1;
    if (head > 1_000) items.splice(0, head);
    if (head > 1_000) head = 0;
    if (item.type === 'event') bytes -= encodedSize(item.event);
    return item;
  };

  return {
    push(item) {
      if (hasEnded) return;
      if (item.type === 'event') {
        const size = encodedSize(item.event);
        if (bytes > 0 && bytes + size > maxBytes) {
          missed += 1;
          missedCursor = item.cursor;
          return;
        }
        flushGap();
        bytes += size;
        items.push(item);
      } else if (item.type === 'checkpoint' && missed > 0) {
        // Becomes part of the gap: no cursor may pass the missed events before the reader knows of them.
        missedCursor = item.cursor;
      } else if (item.type === 'checkpoint' && items.at(-1)?.type === 'checkpoint' && items.length > head) {
        items[items.length - 1] = item;
      } else {
        flushGap();
        items.push(item);
      }
      wakeup.wake();
    },
    async next() {
      for (;;) {
        if (hasEnded) return undefined;
        if (items.length === head) flushGap();
        const item = shift();
        if (item !== undefined) return item;
        await wakeup.wait();
      }
    },
    end() {
      hasEnded = true;
      items.length = 0;
      wakeup.wake();
    },
  };
}
