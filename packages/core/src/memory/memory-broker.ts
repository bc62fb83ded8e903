import type {
  BarrierOptions,
  BarrierResult,
  Broker,
  BrokerStatus,
  ConsumeOptions,
  Delivery,
  WatchOptions,
} from '../contracts/broker';
import type { AdapterContext } from '../contracts/context';
import { FULL_RETRY_MS, VigilantError } from '../util/errors';
import { totalEncodedSize } from '../event/codec';
import type { Event } from '../event/event';
import { checkIntegerOption, checkMethodsOption, checkOptionKeys } from '../util/option-checks';
import type { Wakeup } from '../util/wakeup';
import { createWakeup } from '../util/wakeup';
import type { Watch } from '../util/watch';
import { createWatch } from '../util/watch';

/** Options of `createMemoryBroker`. */
export interface MemoryBrokerOptions {
  /** Maximum size of the unacknowledged events, in bytes of encoded events. @defaultValue 64 MiB */
  readonly maxBytes?: number | undefined;
}

const DEFAULT_CAPACITY_BYTES = 64 * 1024 * 1024;
const DEFAULT_DELIVERY_BYTES = 1024 * 1024;
const DEFAULT_WATCH_BYTES = 16 * 1024 * 1024;

/**
 * Creates a broker in memory, for tests and for events that may be lost with the process.
 *
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function createMemoryBroker(options: MemoryBrokerOptions = {}): Broker {
  checkOptionKeys('createMemoryBroker()', options, ['maxBytes']);
  const { maxBytes = DEFAULT_CAPACITY_BYTES } = options;
  return new MemoryBroker(checkIntegerOption('maxBytes', maxBytes, 1, 2 ** 40));
}

/** Events of one `publish`. */
interface Entry {
  readonly events: readonly Event[];
  readonly bytes: number;
}

class MemoryBroker implements Broker {
  readonly capabilities = Object.freeze({ durability: 'memory', shared: false } as const);
  readonly #capacityBytes: number;
  /** Unacknowledged entries by ordinal, in ascending order. */
  readonly #entries = new Map<number, Entry>();
  readonly #watches = new Set<Watch<Event>>();
  readonly #waiters = new Set<() => void>();
  #clock: AdapterContext['clock'] | undefined;
  #isOpen = false;
  #published = 0;
  #delivered = 0;
  #flushThrough = 0;
  #flushed = 0;
  #pendingEvents = 0;
  #pendingBytes = 0;
  #lastProgressAt: number | undefined;
  #consumer: { wakeup: Wakeup; superseded: AbortController } | undefined;

  constructor(capacityBytes: number) {
    this.#capacityBytes = capacityBytes;
  }

  async open(context: AdapterContext): Promise<void> {
    checkMethodsOption('context', context, 'an AdapterContext', []);
    checkMethodsOption('context.clock', context.clock, 'a Clock', ['now', 'monotonic', 'after']);
    this.#clock = context.clock;
    this.#isOpen = true;
  }

  async publish(events: readonly Event[]): Promise<void> {
    this.#checkOpen();
    if (events.length === 0) return;
    const bytes = totalEncodedSize(events);
    if (this.#pendingBytes + bytes > this.#capacityBytes)
      throw new VigilantError(
        'VIGILANT_BROKER_FULL',
        `The memory broker contains ${this.#pendingBytes} of at most ${this.#capacityBytes} bytes. The batch of ${bytes} bytes does not fit.`,
        { retryAfterMs: FULL_RETRY_MS },
      );
    this.#published += 1;
    this.#entries.set(this.#published, { events: [...events], bytes });
    this.#count(events.length, bytes);
    for (const watch of this.#watches) watch.push(events, bytes);
    this.#consumer?.wakeup.wake();
  }

  async *consume({ signal, maxBytes = DEFAULT_DELIVERY_BYTES }: ConsumeOptions): AsyncGenerator<Delivery> {
    this.#checkOpen();
    this.#consumer?.superseded.abort();
    this.#consumer?.wakeup.wake();
    const consumer = { wakeup: createWakeup(), superseded: new AbortController() };
    this.#consumer = consumer;
    this.#delivered = this.#acknowledgedThrough();
    this.#flushed = 0;
    signal.addEventListener('abort', consumer.wakeup.wake, { once: true });
    try {
      for (;;) {
        if (signal.aborted || !this.#isOpen || this.#consumer !== consumer) return;
        const delivery = this.#nextDelivery(maxBytes, consumer.superseded.signal);
        if (delivery === undefined) await consumer.wakeup.wait();
        else yield delivery;
      }
    } finally {
      signal.removeEventListener('abort', consumer.wakeup.wake);
      consumer.superseded.abort();
      if (this.#consumer === consumer) this.#consumer = undefined;
    }
  }

  async watch(options: WatchOptions): Promise<AsyncIterable<readonly Event[]>> {
    const { signal, maxBufferedBytes = DEFAULT_WATCH_BYTES } = options;
    this.#checkOpen();
    return createWatch(this.#watches, maxBufferedBytes, signal);
  }

  async barrier({ signal }: BarrierOptions): Promise<BarrierResult> {
    this.#checkOpen();
    const through = this.#published;
    const isReached = (): boolean => this.#acknowledgedThrough() >= through;
    this.#flushThrough = Math.max(this.#flushThrough, through);
    this.#consumer?.wakeup.wake();
    while (!isReached() && !signal.aborted && this.#isOpen) await this.#progress(signal);
    return isReached()
      ? { complete: true, pending: 0 }
      : { complete: false, pending: this.#pendingThrough(through) };
  }

  status(): BrokerStatus {
    return {
      state: this.#isOpen ? 'ready' : 'closed',
      pendingEvents: this.#pendingEvents,
      pendingBytes: this.#pendingBytes,
      capacityBytes: this.#capacityBytes,
      ...(this.#lastProgressAt === undefined ? {} : { lastProgressAt: this.#lastProgressAt }),
    };
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#consumer?.superseded.abort();
    this.#consumer?.wakeup.wake();
    for (const watch of this.#watches) watch.end();
    this.#notify();
  }

  #nextDelivery(maxBytes: number, signal: AbortSignal): Delivery | undefined {
    const ordinals: number[] = [];
    const events: Event[] = [];
    for (let bytes = 0; this.#delivered < this.#published && bytes < maxBytes;) {
      this.#delivered += 1;
      const entry = this.#entries.get(this.#delivered);
      if (entry === undefined) continue;
      ordinals.push(this.#delivered);
      bytes += entry.bytes;
      for (const event of entry.events) events.push(event);
    }
    const flush = this.#flushThrough > this.#flushed && this.#delivered >= this.#flushThrough;
    if (ordinals.length === 0 && !flush) return undefined;
    if (flush) this.#flushed = this.#flushThrough;
    const ack = async (): Promise<void> => {
      if (!signal.aborted) this.#acknowledge(ordinals);
    };
    return { events, malformed: [], flush, signal, ack };
  }

  #acknowledge(ordinals: readonly number[]): void {
    for (const ordinal of ordinals) {
      const entry = this.#entries.get(ordinal);
      if (entry === undefined) continue;
      this.#entries.delete(ordinal);
      this.#count(-entry.events.length, -entry.bytes);
    }
    this.#notify();
  }

  /** Returns the ordinal up to which all entries are acknowledged. */
  #acknowledgedThrough(): number {
    const [first] = this.#entries.keys();
    return first === undefined ? this.#published : first - 1;
  }

  #pendingThrough(through: number): number {
    let pending = 0;
    for (const [ordinal, { events }] of this.#entries) if (ordinal <= through) pending += events.length;
    return pending;
  }

  /** Adds to the pending events and their size. */
  #count(events: number, bytes: number): void {
    this.#pendingEvents += events;
    this.#pendingBytes += bytes;
    this.#lastProgressAt = this.#clock?.now();
  }

  /** Waits for the next acknowledgement, for `close` or for the signal. */
  #progress(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiters.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiters.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  #notify(): void {
    for (const resolve of [...this.#waiters]) resolve();
  }

  #checkOpen(): void {
    if (!this.#isOpen)
      throw new VigilantError('VIGILANT_BROKER_CLOSED', 'The memory broker is not open. Call open() first.');
  }
}
