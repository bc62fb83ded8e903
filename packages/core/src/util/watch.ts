import { VigilantError } from './errors';
import { createWakeup } from './wakeup';

/** The buffer between a broker that publishes and one watcher that reads. */
export interface Watch<Item> extends AsyncIterable<readonly Item[]> {
  push(items: readonly Item[], bytes: number): void;
  /** Ends the iteration after what is buffered. */
  end(): void;
}

/**
 * Creates a watch that holds at most `maxBufferedBytes` for its reader; when there is more it fails with
 * `VIGILANT_WATCH_OVERFLOW`. It is one of `watches` until it ends.
 */
export function createWatch<Item>(
  watches: Set<Watch<Item>>,
  maxBufferedBytes: number,
  signal: AbortSignal,
  onEnd: () => void = () => {},
): Watch<Item> {
  const queue: { items: readonly Item[]; bytes: number }[] = [];
  const wakeup = createWakeup();
  let bufferedBytes = 0;
  let state: 'open' | 'overflown' | 'ended' = 'open';

  const finish = (next: 'overflown' | 'ended'): void => {
    if (state !== 'open') return;
    state = next;
    signal.removeEventListener('abort', onAbort);
    watches.delete(watch);
    onEnd();
    wakeup.wake();
  };
  const onAbort = (): void => {
    queue.length = 0;
    finish('ended');
  };
  async function* read(): AsyncGenerator<readonly Item[]> {
    try {
      for (;;) {
        const next = queue.shift();
        if (next !== undefined) {
          bufferedBytes -= next.bytes;
          yield next.items;
        } else if (state === 'ended') return;
        else if (state === 'overflown')
          throw new VigilantError(
            'VIGILANT_WATCH_OVERFLOW',
            `More than ${maxBufferedBytes} bytes of events waited for this watcher; watch again and read the store.`,
          );
        else await wakeup.wait();
      }
    } finally {
      finish('ended');
    }
  }

  const watch: Watch<Item> = {
    push(items, bytes) {
      if (state !== 'open') return;
      if (bufferedBytes + bytes > maxBufferedBytes) return finish('overflown');
      queue.push({ items, bytes });
      bufferedBytes += bytes;
      wakeup.wake();
    },
    end: () => finish('ended'),
    [Symbol.asyncIterator]: read,
  };
  watches.add(watch);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return watch;
}
