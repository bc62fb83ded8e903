import type { Clock } from '../clock';
import { sleep } from '../clock';
import type { Broker, Delivery } from '../contracts/broker';
import type { Store } from '../contracts/store';
import type { DiagnosticSink } from '../diagnostics';
import type { SchedulerStatus } from '../vigilant';
import { createWakeup } from '../wakeup';
import type { BatchBounds } from './batch-buffer';
import { createBatchBuffer } from './batch-buffer';
import { createBatchWriter } from './batch-writer';
import type { DeadLetterBox } from './dead-letters';
import { backOffMs } from './retry';

const CONSUME_BACK_OFF = { firstMs: 100, maxMs: 10_000 };

/** Moves deliveries from a broker into a store, in batches. */
export interface Scheduler {
  /** Why nothing moves at the moment; `undefined` when all is well. */
  readonly trouble: string | undefined;
  status(): SchedulerStatus;
  /** Lets the running write end and stops; what waits is left to the broker. Idempotent. */
  stop(): Promise<void>;
}

/** What an event takes in memory besides its text, in bytes: of small ones there may be fewer. */
const EVENT_OVERHEAD_BYTES = 1_024;

/** What a scheduler works with. */
export interface SchedulerParts {
  readonly broker: Broker;
  readonly store: Store;
  readonly deadLetters: DeadLetterBox;
  readonly clock: Clock;
  readonly diagnostics: DiagnosticSink;
  readonly bounds: BatchBounds & { readonly maxUnacknowledgedBytes: number };
  /** @defaultValue `Math.random` */
  readonly random?: () => number;
}

/** Starts a scheduler. Broker and store are open. */
export function startScheduler(parts: SchedulerParts): Scheduler {
  const { broker, store, deadLetters, clock, diagnostics, bounds, random = Math.random } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const buffer = createBatchBuffer(bounds);
  const batchDue = createWakeup();
  const roomFreed = createWakeup();
  const acks = new Set<Promise<void>>();
  let writingBytes = 0;
  let writingEvents = 0;
  let isWriting = false;
  let isStopped = false;
  let consumeTrouble: string | undefined;

  const take = (): ReturnType<typeof buffer.take> => {
    const batch = buffer.take();
    writingBytes += batch.bytes;
    writingEvents += batch.events.length;
    return batch;
  };
  const isFull = (): boolean => {
    const overhead = (buffer.events + writingEvents) * EVENT_OVERHEAD_BYTES;
    return buffer.bytes + writingBytes + overhead >= bounds.maxUnacknowledgedBytes;
  };
  const writer = createBatchWriter({
    store,
    deadLetters,
    clock,
    diagnostics,
    signal,
    random,
    takeMore: take,
  });

  const report = (code: string, what: string, error: unknown): string => {
    const reason = error instanceof Error ? error.message : String(error);
    diagnostics({ level: 'warn', component: 'scheduler', code, message: `${what}: ${reason}`, error });
    return reason;
  };

  /** Takes deliveries while there is room, for ever. */
  const pull = async (): Promise<void> => {
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        for await (const delivery of broker.consume({ signal })) {
          failures = 0;
          consumeTrouble = undefined;
          buffer.add(delivery, clock.monotonic());
          batchDue.wake();
          while (isFull() && !signal.aborted) await roomFreed.wait();
        }
        if (signal.aborted) return;
        throw new Error('the broker ended the deliveries');
      } catch (error) {
        if (signal.aborted) return;
        consumeTrouble = report('consume-failed', 'Deliveries stopped and will be asked for again', error);
        await sleep(clock, backOffMs(CONSUME_BACK_OFF, Math.max(1, failures), random), signal).catch(
          () => {},
        );
      }
    }
  };

  /** Waits until a batch is due; `false` when the scheduler stops. */
  const waitUntilDue = async (): Promise<boolean> => {
    for (;;) {
      if (signal.aborted) return false;
      const dueInMs = buffer.dueInMs(clock.monotonic());
      if (dueInMs === 0) return true;
      const timer = dueInMs === undefined ? undefined : clock.after(dueInMs, batchDue.wake);
      await batchDue.wait();
      timer?.cancel();
    }
  };

  const acknowledge = (finished: readonly Delivery[]): void => {
    const ack = Promise.all(finished.map((delivery) => delivery.ack())).then(
      () => {},
      (error: unknown) => void report('acknowledge-failed', 'Stored events will be delivered again', error),
    );
    acks.add(ack);
    void ack.then(() => acks.delete(ack));
  };

  /** Writes batches, one at a time, for ever. */
  const push = async (): Promise<void> => {
    while (await waitUntilDue()) {
      isWriting = true;
      try {
        acknowledge(await writer.write(take()));
      } catch {
        // Only the signal ends a write; the broker keeps what was not acknowledged.
      }
      isWriting = false;
      writingBytes = 0;
      writingEvents = 0;
      roomFreed.wake();
    }
  };

  signal.addEventListener('abort', () => {
    batchDue.wake();
    roomFreed.wake();
  });
  const loops = Promise.all([pull(), push()]);

  const state = (): SchedulerStatus['state'] => {
    if (isStopped) return 'closed';
    if (writer.trouble !== undefined || consumeTrouble !== undefined) return 'retrying';
    if (isWriting) return 'writing';
    return buffer.events > 0 ? 'waiting' : 'idle';
  };

  return {
    get trouble() {
      return writer.trouble ?? consumeTrouble;
    },
    status() {
      const reason = writer.trouble ?? consumeTrouble;
      return {
        state: state(),
        ...(reason === undefined ? {} : { reason }),
        waitingEvents: buffer.events,
        waitingBytes: buffer.bytes,
        ...writer.counts,
      };
    },
    async stop() {
      stopping.abort();
      await loops;
      await Promise.all(acks);
      isStopped = true;
    },
  };
}
