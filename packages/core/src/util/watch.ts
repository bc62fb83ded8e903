import { VigilantError } from './errors';
import { createWakeup } from './wakeup';

/** Buffer between a broker that publishes and one watcher that reads. */
export interface Watch<Item> extends AsyncIterable<readonly Item[]> {
  push(items: readonly Item[], bytes: number): void;
  /** Ends the iteration after the buffered items. */
  end(): void;
}

/**
 * Creates a watch and adds it to `watches` until it ends.
 *
 * A watcher that falls more than `maxBufferedBytes` behind receives the buffered items and then fails with
 * `VIGILANT_WATCH_OVERFLOW`. The signal ends the iteration without an error and drops the buffered items.
 */
export function createWatch<Item>(
  watches: Set<Watch<Item>>,
  maxBufferedBytes: number,
  signal: AbortSignal,
  onEnd: () => void = () => {},
): Watch<Item> {
  const watch = new BufferedWatch(watches, maxBufferedBytes, signal, onEnd);
  watch.start();
  return watch;
}

class BufferedWatch<Item> implements Watch<Item> {
  readonly #watches: Set<Watch<Item>>;
  readonly #maxBufferedBytes: number;
  readonly #signal: AbortSignal;
  readonly #onEnd: () => void;
  readonly #queue: { readonly items: readonly Item[]; readonly bytes: number }[] = [];
  readonly #wakeup = createWakeup();
  #bufferedBytes = 0;
  #state: 'open' | 'overflowed' | 'ended' = 'open';

  constructor(watches: Set<Watch<Item>>, maxBufferedBytes: number, signal: AbortSignal, onEnd: () => void) {
    this.#watches = watches;
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#signal = signal;
    this.#onEnd = onEnd;
  }

  start(): void {
    this.#watches.add(this);
    this.#signal.addEventListener('abort', this.#onAbort, { once: true });
    if (this.#signal.aborted) this.#onAbort();
  }

  push(items: readonly Item[], bytes: number): void {
    if (this.#state !== 'open') return;
    if (this.#bufferedBytes + bytes > this.#maxBufferedBytes) return this.#finish('overflowed');
    this.#queue.push({ items, bytes });
    this.#bufferedBytes += bytes;
    this.#wakeup.wake();
  }

  end(): void {
    this.#finish('ended');
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Item[]> {
    try {
      for (;;) {
        const next = this.#queue.shift();
        if (next !== undefined) {
          this.#bufferedBytes -= next.bytes;
          yield next.items;
        } else if (this.#state === 'ended') return;
        else if (this.#state === 'overflowed') throw this.#overflow();
        else await this.#wakeup.wait();
      }
    } finally {
      this.#finish('ended');
    }
  }

  readonly #onAbort = (): void => {
    this.#queue.length = 0;
    this.#finish('ended');
  };

  #finish(state: 'overflowed' | 'ended'): void {
    if (this.#state !== 'open') return;
    this.#state = state;
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#watches.delete(this);
    this.#onEnd();
    this.#wakeup.wake();
  }

  #overflow(): VigilantError {
    return new VigilantError(
      'VIGILANT_WATCH_OVERFLOW',
      `The watcher is more than ${this.#maxBufferedBytes} bytes of events behind. Watch again and read the missed events from the store.`,
    );
  }
}
