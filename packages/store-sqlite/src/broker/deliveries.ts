import type { ConsumeOptions, Delivery } from '@vigilant/core';
import type { Wakeup } from '@vigilant/core/adapter';
import { createWakeup, joinEncoded } from '@vigilant/core/adapter';
import type { ReadBatches } from './owner-queue';
import type { OwnerQueues, QueuePositions, TakenBatch } from './owner-queues';

const DELIVERY_BYTES = 1024 * 1024;

/** The current consumer. */
interface Consumer {
  readonly wakeup: Wakeup;
  /** Aborted when earlier deliveries no longer belong to this consumer. */
  superseded: AbortController;
}

/** Dependencies of `Deliveries`. */
export interface DeliveriesContext {
  readonly queues: OwnerQueues;
  readonly read: ReadBatches;
  readonly acknowledge: (taken: readonly TakenBatch[]) => Promise<void>;
  /** Returns whether the broker is still open. */
  readonly isOpen: () => boolean;
}

/** Delivers the batches of the queues to one consumer at a time. */
export class Deliveries {
  readonly #context: DeliveriesContext;
  #consumer: Consumer | undefined;
  /** The positions that deliveries must reach before the next flush. */
  #flush: QueuePositions | undefined;

  constructor(context: DeliveriesContext) {
    this.#context = context;
  }

  async *consume({ signal, maxBytes = DELIVERY_BYTES }: ConsumeOptions): AsyncGenerator<Delivery> {
    const { queues, isOpen } = this.#context;
    this.supersede();
    const consumer: Consumer = { wakeup: createWakeup(), superseded: new AbortController() };
    this.#consumer = consumer;
    queues.rewind();
    signal.addEventListener('abort', consumer.wakeup.wake, { once: true });
    try {
      for (;;) {
        if (signal.aborted || !isOpen() || this.#consumer !== consumer) return;
        const { superseded } = consumer;
        const taken = await this.#take(maxBytes);
        if (this.#consumer !== consumer || !isOpen()) return;
        const flush = this.#takeFlush();
        if (taken.length > 0 || flush) yield this.#deliver(taken, flush, superseded.signal);
        else await consumer.wakeup.wait();
      }
    } finally {
      signal.removeEventListener('abort', consumer.wakeup.wake);
      consumer.superseded.abort();
      if (this.#consumer === consumer) this.#consumer = undefined;
    }
  }

  /** Makes the consumer check for further batches. */
  wake(): void {
    this.#consumer?.wakeup.wake();
  }

  /** Supersedes earlier deliveries. Their consumer ends if there is another one or the broker is closed. */
  supersede(): void {
    this.#consumer?.superseded.abort();
    this.wake();
  }

  /** Starts again after the queues were read from the journal. */
  restart(hasBarriers: boolean): void {
    if (this.#flush !== undefined || hasBarriers) this.#flush = this.#context.queues.positions();
    this.supersede();
    if (this.#consumer !== undefined) this.#consumer.superseded = new AbortController();
  }

  /** Asks the consumer to flush everything up to these positions. */
  raiseFlush(positions = this.#context.queues.positions()): void {
    this.#flush = positions;
    this.wake();
  }

  /** Takes the next batches. Resolves to none if the read fails because the broker is closed. */
  async #take(maxBytes: number): Promise<readonly TakenBatch[]> {
    const { queues, read, isOpen } = this.#context;
    return queues.take(maxBytes, read).catch((error: unknown) => {
      if (isOpen()) throw error;
      return [];
    });
  }

  #takeFlush(): boolean {
    if (this.#flush === undefined || !this.#context.queues.isDelivered(this.#flush)) return false;
    this.#flush = undefined;
    return true;
  }

  #deliver(taken: readonly TakenBatch[], flush: boolean, signal: AbortSignal): Delivery {
    let done: Promise<void> | undefined;
    const encoded = joinEncoded(taken.map(({ batch }) => batch.events));
    return {
      encoded,
      get events() {
        return encoded.decode();
      },
      malformed: taken.flatMap(({ batch }) => batch.malformed ?? []),
      flush,
      signal,
      ack: async () => {
        if (!signal.aborted && taken.length > 0) await (done ??= this.#context.acknowledge(taken));
      },
    };
  }
}
