import type { Clock } from '../util/clock';
import type { Broker, Delivery } from '../contracts/broker';
import type { Store } from '../contracts/store';
import type { DiagnosticSink } from '../util/diagnostics';
import { reasonOf } from '../util/errors';
import type { SchedulerStatus } from '../contracts/status';
import { createWakeup } from '../util/wakeup';
import type { BatchBounds, BatchBuffer } from './batch-buffer';
import { createBatchBuffer, maxHeldBytes, occupiedBytes } from './batch-buffer';
import type { BatchWriter } from './batch-writer';
import { createBatchWriter } from './batch-writer';
import type { DeadLetterQueue } from './dead-letter-queue';
import { lagOf } from './lag';
import type { RetryPause } from '../util/backoff';
import { createRetryPause } from '../util/backoff';

const CONSUME_BACK_OFF = { firstMs: 100, maxMs: 10_000 };

/** Share of a broker's capacity at which a batch is written at once, so that the broker does not fill up during the interval. */
const FULL_SHARE = 0.5;

/** Moves deliveries from a broker into a store, in batches. */
export interface Scheduler {
  /** Why events cannot be stored at present; `undefined` when they can. */
  readonly failureReason: string | undefined;
  /** Number of records that are stored or dead letters although their deliveries are not yet acknowledged. */
  readonly settledRecords: number;
  status(): SchedulerStatus;
  /** Ends the current pauses and shortens later ones: the process is about to end. */
  hurry(): void;
  /** Waits for the current write and stops. Unwritten events stay in the broker. Idempotent. */
  stop(): Promise<void>;
}

/** Dependencies of a scheduler. */
export interface SchedulerParts {
  readonly broker: Broker;
  readonly store: Store;
  readonly deadLetters: DeadLetterQueue;
  readonly clock: Clock;
  readonly diagnostics: DiagnosticSink;
  readonly bounds: BatchBounds;
  /** @defaultValue `Math.random` */
  readonly random?: () => number;
}

/** Starts a scheduler. The broker and the store must be open. */
export function startScheduler(parts: SchedulerParts): Scheduler {
  return new BatchScheduler(parts);
}

class BatchScheduler implements Scheduler {
  readonly #parts: SchedulerParts;
  readonly #stopping = new AbortController();
  /** Aborted after `#stopping`: deliveries can be acknowledged only while the consumer is running. */
  readonly #consuming = new AbortController();
  readonly #buffer: BatchBuffer;
  readonly #writer: BatchWriter;
  readonly #consumePause: RetryPause;
  readonly #batchDue = createWakeup();
  readonly #roomFreed = createWakeup();
  readonly #acks = new Set<Promise<void>>();
  readonly #unacknowledged = new Set<Delivery>();
  readonly #maxHeldBytes: number;
  readonly #pulling: Promise<void>;
  readonly #pushing: Promise<void>;
  #isWriting = false;
  #isStopped = false;
  #settledAtStop: number | undefined;
  #consumeFailure: string | undefined;

  constructor(parts: SchedulerParts) {
    const { clock, bounds, random = Math.random } = parts;
    this.#parts = parts;
    this.#buffer = createBatchBuffer(bounds);
    this.#maxHeldBytes = maxHeldBytes(bounds);
    this.#consumePause = createRetryPause(clock, CONSUME_BACK_OFF, random);
    this.#writer = createBatchWriter({
      ...parts,
      random,
      signal: this.#stopping.signal,
      takeMore: () => this.#buffer.take(),
      acknowledge: (deliveries) => this.#acknowledge(deliveries),
    });
    this.#pulling = this.#pull();
    this.#pushing = this.#push();
  }

  get failureReason(): string | undefined {
    return this.#writer.failureReason ?? this.#consumeFailure;
  }

  get settledRecords(): number {
    return this.#settledAtStop ?? this.#countSettled();
  }

  status(): SchedulerStatus {
    const reason = this.failureReason;
    return {
      state: this.#state(),
      ...(reason === undefined ? {} : { reason }),
      waitingEvents: this.#buffer.events,
      waitingBytes: this.#buffer.bytes,
      ...this.#lag(),
      ...this.#writer.counts,
      droppedDeadLetters: this.#parts.deadLetters.dropped,
    };
  }

  hurry(): void {
    this.#writer.hurry();
    this.#consumePause.hurry();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#batchDue.wake();
    await this.#pushing;
    await Promise.all(this.#acks);
    // Deliveries are aborted when their consumer ends.
    this.#settledAtStop ??= this.#countSettled();
    this.#consuming.abort();
    this.#roomFreed.wake();
    await this.#pulling;
    this.#isStopped = true;
  }

  #lag(): Pick<SchedulerStatus, 'lagMs' | 'storedLagMs'> {
    const nowMs = this.#parts.clock.now();
    const lagMs = Math.max(
      lagOf(this.#writer.oldestReceivedAt(), nowMs),
      lagOf(this.#buffer.oldestReceivedAt(), nowMs),
    );
    const { storedLagMs } = this.#writer;
    return storedLagMs === undefined ? { lagMs } : { lagMs, storedLagMs };
  }

  #state(): SchedulerStatus['state'] {
    if (this.#isStopped) return 'closed';
    if (this.failureReason !== undefined) return 'retrying';
    if (this.#isWriting) return 'writing';
    return this.#buffer.events > 0 ? 'waiting' : 'idle';
  }

  /** Consumes deliveries while there is room, until the scheduler stops. */
  async #pull(): Promise<void> {
    const { broker } = this.#parts;
    const { signal } = this.#stopping;
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        for await (const delivery of broker.consume({ signal: this.#consuming.signal })) {
          failures = 0;
          this.#consumeFailure = undefined;
          this.#unacknowledged.add(delivery);
          this.#buffer.add(delivery, this.#parts.clock.monotonic());
          this.#batchDue.wake();
          while (this.#isFull() && !this.#consuming.signal.aborted) await this.#roomFreed.wait();
        }
        if (signal.aborted) return;
        throw new Error('the broker ended the deliveries');
      } catch (error) {
        if (signal.aborted) return;
        this.#report('consume-failed', 'Consuming from the broker failed and will be retried', error);
        this.#consumeFailure = reasonOf(error);
        await this.#consumePause.wait(Math.max(1, failures), signal).catch(() => {});
      }
    }
  }

  #isFull(): boolean {
    return occupiedBytes(this.#buffer) + occupiedBytes(this.#writer.inProgress) >= this.#maxHeldBytes;
  }

  /** Writes batches, one at a time, until the scheduler stops. */
  async #push(): Promise<void> {
    while (await this.#waitUntilDue()) {
      this.#isWriting = true;
      try {
        await this.#writer.write(this.#buffer.take());
      } catch {
        // Only the signal ends a write; the broker keeps unacknowledged events.
      }
      this.#isWriting = false;
    }
  }

  /** Waits until a batch is due; `false` when the scheduler stops. */
  async #waitUntilDue(): Promise<boolean> {
    for (;;) {
      if (this.#stopping.signal.aborted) return false;
      const dueInMs = this.#dueInMs();
      if (dueInMs === 0) return true;
      const timer = dueInMs === undefined ? undefined : this.#parts.clock.after(dueInMs, this.#batchDue.wake);
      await this.#batchDue.wait();
      timer?.cancel();
    }
  }

  #dueInMs(): number | undefined {
    const dueInMs = this.#buffer.dueInMs(this.#parts.clock.monotonic());
    const { pendingBytes, capacityBytes = Infinity } = this.#parts.broker.status();
    return dueInMs !== undefined && pendingBytes >= capacityBytes * FULL_SHARE ? 0 : dueInMs;
  }

  #acknowledge(deliveries: readonly Delivery[]): void {
    this.#roomFreed.wake();
    const ack = Promise.all(deliveries.map((delivery) => delivery.ack())).then(
      () => {},
      (error: unknown) =>
        this.#report(
          'acknowledge-failed',
          'Stored events could not be acknowledged and will be delivered again',
          error,
        ),
    );
    this.#acks.add(ack);
    void ack.then(() => {
      this.#acks.delete(ack);
      for (const delivery of deliveries) this.#unacknowledged.delete(delivery);
    });
  }

  #countSettled(): number {
    let records = 0;
    for (const delivery of this.#unacknowledged)
      if (!delivery.signal.aborted) records += countRecords(delivery);
    return Math.max(0, records - this.#buffer.events - this.#writer.unsettledRecords);
  }

  #report(code: string, what: string, error: unknown): void {
    const message = `${what}: ${reasonOf(error)}`;
    this.#parts.diagnostics({ level: 'warn', component: 'scheduler', code, message, error });
  }
}

/** Returns the number of events and malformed records of a delivery, without decoding events. */
function countRecords(delivery: Delivery): number {
  return (delivery.encoded?.count ?? delivery.events.length) + delivery.malformed.length;
}
