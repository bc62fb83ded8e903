import { VigilantError, encodeEvent, sleep, toVigilantError } from '@vigilant/core';
import type { Clock, Event } from '@vigilant/core';
import type { KafkaClient, OutgoingRecord } from '../contracts/kafka-client';
import type { ResolvedKafkaOptions } from '../contracts/kafka-options';
import type { Progress } from '../offsets/group-progress';

/** Requests on their way at once: enough to keep Kafka busy, few enough that what waits meanwhile goes together. */
const MAX_REQUESTS = 5;

/** What a record takes besides key and value, in bytes at most. */
const RECORD_OVERHEAD = 64;

/** Pause before a request that failed is made again, in milliseconds. */
const AGAIN_MS = 250;

/** How long a refused caller should wait, in milliseconds. */
const FULL_RETRY_MS = 1_000;

/** Publishes events, many calls in one request. */
export interface Sender {
  /** @throws {VigilantError} `VIGILANT_BROKER_FULL`: nothing was taken; `VIGILANT_EVENT_INVALID`: nor then, as one is too large;
   * `VIGILANT_BROKER_UNAVAILABLE`: the outcome is unknown. */
  publish(events: readonly Event[]): Promise<void>;
  /** Resolves when everything taken is settled. What is not when `givenUp` resolves is of unknown outcome. */
  close(givenUp: Promise<unknown>): Promise<void>;
}

/** A publish on its way, perhaps in several requests, one after another so that its events keep their order. */
interface Job {
  /** The parts after the one that is queued or in a request. */
  readonly rest: Records[];
  /** The part that waits for a request. */
  queued: Part | undefined;
  isSettled: boolean;
  readonly settle: (error?: VigilantError) => void;
  /** Never rejects. */
  readonly settled: Promise<void>;
}

/** Records that fit a request. */
interface Records {
  readonly records: OutgoingRecord[];
  bytes: number;
}

/** A part of a job that goes into one request. */
interface Part extends Records {
  readonly job: Job;
}

/** Dependencies of a sender. */
export interface SenderParts {
  readonly client: KafkaClient;
  readonly options: ResolvedKafkaOptions;
  readonly progress: Progress;
  readonly clock: Clock;
  readonly onProgress: () => void;
}

/** Creates a sender. */
export function createSender(parts: SenderParts): Sender {
  return new BatchingSender(parts);
}

class BatchingSender implements Sender {
  readonly #parts: SenderParts;
  /** In the order of arrival. */
  readonly #queue = new Set<Part>();
  readonly #jobs = new Set<Job>();
  /** Bytes that are queued or in requests. A publish that timed out counts until its request has ended. */
  #heldBytes = 0;
  #requests = 0;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  async publish(events: readonly Event[]): Promise<void> {
    const { options, progress, clock } = this.#parts;
    const { maxPendingBytes, publishTimeoutMs } = options;
    const records = split(events, options);
    const bytes = sizeOf(records);
    if (this.#heldBytes + bytes > maxPendingBytes)
      throw new VigilantError(
        'VIGILANT_BROKER_FULL',
        `${this.#heldBytes} bytes of events wait for Kafka. The limit is ${maxPendingBytes} bytes (maxPendingBytes). Try again later.`,
        { retryAfterMs: FULL_RETRY_MS },
      );
    this.#heldBytes += bytes;
    progress.noteSize(events.length, bytes);
    await new Promise<void>((resolve, reject) => {
      const job = this.#createJob(records, (error) => {
        timer.cancel();
        if (error === undefined) resolve();
        else reject(error);
      });
      const giveUp = (): void => job.settle(unconfirmed(`within ${publishTimeoutMs} ms`));
      const timer = clock.after(publishTimeoutMs, giveUp, { keepAlive: true });
      this.#continue(job);
      this.#pump();
    });
  }

  async close(givenUp: Promise<unknown>): Promise<void> {
    await Promise.race([Promise.all([...this.#jobs].map(({ settled }) => settled)), givenUp]);
    for (const job of [...this.#jobs]) job.settle(unconfirmed('before the broker was closed'));
  }

  #createJob(rest: Records[], onSettled: (error: VigilantError | undefined) => void): Job {
    let resolveSettled = (): void => {};
    const settled = new Promise<void>((resolve) => (resolveSettled = resolve));
    const settle = (error?: VigilantError): void => {
      if (job.isSettled) return;
      job.isSettled = true;
      this.#jobs.delete(job);
      this.#dropUnsent(job);
      onSettled(error);
      resolveSettled();
    };
    const job: Job = { rest, queued: undefined, isSettled: false, settle, settled };
    this.#jobs.add(job);
    return job;
  }

  /** Drops the parts of a settled job that are not in a request. */
  #dropUnsent(job: Job): void {
    this.#heldBytes -= sizeOf(job.rest.splice(0));
    if (job.queued === undefined) return;
    this.#queue.delete(job.queued);
    this.#heldBytes -= job.queued.bytes;
    job.queued = undefined;
  }

  /** Queues the next part of a job, or settles the job after its last part. */
  #continue(job: Job): void {
    const next = job.rest.shift();
    if (next === undefined) return job.settle();
    job.queued = { job, ...next };
    this.#queue.add(job.queued);
  }

  #pump(): void {
    while (this.#requests < MAX_REQUESTS && this.#queue.size > 0) {
      this.#requests += 1;
      void this.#send(this.#takeRequest()).finally(() => {
        this.#requests -= 1;
        this.#pump();
      });
    }
  }

  #takeRequest(): readonly Part[] {
    const parts: Part[] = [];
    let bytes = 0;
    for (const part of this.#queue) {
      if (parts.length > 0 && bytes + part.bytes > this.#parts.options.maxRequestBytes) break;
      this.#queue.delete(part);
      part.job.queued = undefined;
      parts.push(part);
      bytes += part.bytes;
    }
    return parts;
  }

  /** Retries a request while a caller waits for it, which is safe because events have ids. */
  async #send(all: readonly Part[]): Promise<void> {
    const { client, options, progress, clock, onProgress } = this.#parts;
    for (let parts = all; parts.length > 0; parts = this.#withoutSettled(parts)) {
      const records = parts.flatMap((part) => part.records);
      try {
        for (const { partition, end } of await client.produce(options.topic, records))
          progress.noteEnd(partition, end);
        onProgress();
        this.#heldBytes -= sizeOf(parts);
        for (const { job } of parts) if (!job.isSettled) this.#continue(job);
        return;
      } catch (error) {
        const failure = toVigilantError(error, 'VIGILANT_BROKER_UNAVAILABLE', 'Publishing failed');
        if (!failure.retryable) for (const { job } of parts) job.settle(failure);
        parts = this.#withoutSettled(parts);
        if (parts.length > 0) await sleep(clock, AGAIN_MS, undefined, { keepAlive: true });
      }
    }
  }

  #withoutSettled(parts: readonly Part[]): readonly Part[] {
    const open = parts.filter(({ job }) => !job.isSettled);
    this.#heldBytes -= sizeOf(parts) - sizeOf(open);
    return open;
  }
}

function sizeOf(parts: readonly Records[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Cuts a batch into parts that fit a request. */
function split(events: readonly Event[], { key, maxRequestBytes }: ResolvedKafkaOptions): Records[] {
  const parts: Records[] = [];
  let current: Records | undefined;
  for (const event of events) {
    const record = { key: event[key], value: encodeEvent(event) };
    const bytes = record.value.byteLength + Buffer.byteLength(record.key) + RECORD_OVERHEAD;
    if (bytes > maxRequestBytes) throw tooLarge(event, bytes, maxRequestBytes);
    if (current === undefined || current.bytes + bytes > maxRequestBytes) {
      current = { records: [], bytes: 0 };
      parts.push(current);
    }
    current.records.push(record);
    current.bytes += bytes;
  }
  return parts;
}

function unconfirmed(when: string): VigilantError {
  return new VigilantError(
    'VIGILANT_BROKER_UNAVAILABLE',
    `Kafka did not confirm ${when}. Send again with the same ids.`,
  );
}

function tooLarge({ id }: Event, bytes: number, limit: number): VigilantError {
  const reason = `takes ${bytes} bytes as a record; maxRequestBytes allows ${limit}`;
  return new VigilantError('VIGILANT_EVENT_INVALID', `Event ${id} ${reason}.`, {
    violations: [{ field: 'data', code: 'too_long', reason, limit }],
  });
}
