import { VigilantError } from '@vigilant/core';
import type { Clock, Event } from '@vigilant/core';
import { FULL_RETRY_MS, sleep, toVigilantError } from '@vigilant/core/adapter';
import type { KafkaClient } from '../contracts/kafka-client';
import type { ResolvedKafkaOptions } from '../contracts/kafka-options';
import type { GroupProgress } from '../offsets/group-progress';
import type { RecordChunk } from './record-chunks';
import { chunkRecords } from './record-chunks';

/** Maximum number of concurrent requests: enough to keep Kafka busy, few enough that waiting publishes share a request. */
const MAX_REQUESTS = 5;

/** Pause before a failed request is repeated, in milliseconds. */
const RETRY_MS = 250;

/** Publishes events. Concurrent calls share requests. */
export interface Publisher {
  /**
   * Resolves once Kafka has confirmed all events.
   *
   * @throws {VigilantError} `VIGILANT_BROKER_FULL` or `VIGILANT_EVENT_INVALID`: nothing was published.
   * `VIGILANT_BROKER_UNAVAILABLE`: the outcome is unknown.
   */
  publish(events: readonly Event[]): Promise<void>;
  /** Resolves once every call has settled. Calls that are pending when `givenUp` resolves reject with an unknown outcome. */
  close(givenUp: Promise<unknown>): Promise<void>;
}

/** A `publish` call. Its chunks are sent one after another, so that its events keep their order. */
interface PendingPublish {
  /** The chunks after the one that is queued or in a request. */
  readonly rest: RecordChunk[];
  /** The chunk that waits for a request. */
  queued: QueuedChunk | undefined;
  isSettled: boolean;
  readonly settle: (error?: VigilantError) => void;
  /** Never rejects. */
  readonly settled: Promise<void>;
}

interface QueuedChunk extends RecordChunk {
  readonly call: PendingPublish;
}

/** Dependencies of a `Publisher`. */
export interface PublisherParts {
  readonly client: KafkaClient;
  readonly options: ResolvedKafkaOptions;
  readonly progress: GroupProgress;
  readonly clock: Clock;
  /** Called after each confirmed request. */
  readonly onConfirmed: () => void;
}

/** Creates a publisher. */
export function createPublisher(parts: PublisherParts): Publisher {
  return new QueueingPublisher(parts);
}

class QueueingPublisher implements Publisher {
  readonly #parts: PublisherParts;
  /** In order of arrival. */
  readonly #queue = new Set<QueuedChunk>();
  readonly #calls = new Set<PendingPublish>();
  /** Bytes that are queued or in requests. A publish that timed out counts until its request has ended. */
  #heldBytes = 0;
  #requests = 0;
  /** Number of the next publish. Random at first, so that processes which publish little use different partitions. */
  #nextBatch = Math.floor(Math.random() * 0x1_0000);

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  async publish(events: readonly Event[]): Promise<void> {
    const { options, progress, clock } = this.#parts;
    const { maxPendingBytes, publishTimeoutMs } = options;
    const chunks = chunkRecords(events, this.#nextBatch, options);
    this.#nextBatch += 1;
    const bytes = sizeOf(chunks);
    if (this.#heldBytes + bytes > maxPendingBytes)
      throw new VigilantError(
        'VIGILANT_BROKER_FULL',
        `${this.#heldBytes} bytes of events wait for Kafka. The limit is ${maxPendingBytes} bytes (maxPendingBytes). Try again later.`,
        { retryAfterMs: FULL_RETRY_MS },
      );
    this.#heldBytes += bytes;
    progress.noteSize(events.length, bytes);
    await new Promise<void>((resolve, reject) => {
      const call = this.#createCall(chunks, (error) => {
        timer.cancel();
        if (error === undefined) resolve();
        else reject(error);
      });
      const giveUp = (): void => call.settle(unconfirmed(`within ${publishTimeoutMs} ms`));
      const timer = clock.after(publishTimeoutMs, giveUp, { keepAlive: true });
      this.#continue(call);
      this.#startRequests();
    });
  }

  async close(givenUp: Promise<unknown>): Promise<void> {
    await Promise.race([Promise.all([...this.#calls].map(({ settled }) => settled)), givenUp]);
    for (const call of [...this.#calls]) call.settle(unconfirmed('before the broker was closed'));
  }

  #createCall(rest: RecordChunk[], onSettled: (error: VigilantError | undefined) => void): PendingPublish {
    let resolveSettled = (): void => {};
    const settled = new Promise<void>((resolve) => (resolveSettled = resolve));
    const settle = (error?: VigilantError): void => {
      if (call.isSettled) return;
      call.isSettled = true;
      this.#calls.delete(call);
      this.#dropUnsent(call);
      onSettled(error);
      resolveSettled();
    };
    const call: PendingPublish = { rest, queued: undefined, isSettled: false, settle, settled };
    this.#calls.add(call);
    return call;
  }

  /** Drops the chunks of a settled call that are not in a request. */
  #dropUnsent(call: PendingPublish): void {
    this.#heldBytes -= sizeOf(call.rest.splice(0));
    if (call.queued === undefined) return;
    this.#queue.delete(call.queued);
    this.#heldBytes -= call.queued.bytes;
    call.queued = undefined;
  }

  /** Queues the next chunk of a call, or settles the call after its last chunk. */
  #continue(call: PendingPublish): void {
    const next = call.rest.shift();
    if (next === undefined) return call.settle();
    call.queued = { call, records: next.records, bytes: next.bytes };
    this.#queue.add(call.queued);
  }

  #startRequests(): void {
    while (this.#requests < MAX_REQUESTS && this.#queue.size > 0) {
      this.#requests += 1;
      void this.#send(this.#takeRequest()).finally(() => {
        this.#requests -= 1;
        this.#startRequests();
      });
    }
  }

  #takeRequest(): readonly QueuedChunk[] {
    const chunks: QueuedChunk[] = [];
    let bytes = 0;
    for (const chunk of this.#queue) {
      if (chunks.length > 0 && bytes + chunk.bytes > this.#parts.options.maxRequestBytes) break;
      this.#queue.delete(chunk);
      chunk.call.queued = undefined;
      chunks.push(chunk);
      bytes += chunk.bytes;
    }
    return chunks;
  }

  /** Sends a request and repeats it while a caller waits for it, which is safe because events have ids. */
  async #send(all: readonly QueuedChunk[]): Promise<void> {
    const { client, options, progress, clock, onConfirmed } = this.#parts;
    for (let chunks = all; chunks.length > 0; chunks = this.#withoutSettled(chunks)) {
      const records = chunks.flatMap((chunk) => chunk.records);
      try {
        for (const { partition, end } of await client.produce(options.topic, records))
          progress.noteEnd(partition, end);
        onConfirmed();
        this.#heldBytes -= sizeOf(chunks);
        for (const { call } of chunks) if (!call.isSettled) this.#continue(call);
        return;
      } catch (error) {
        const failure = toVigilantError(error, 'VIGILANT_BROKER_UNAVAILABLE', 'Publishing to Kafka failed');
        if (!failure.retryable) for (const { call } of chunks) call.settle(failure);
        chunks = this.#withoutSettled(chunks);
        if (chunks.length > 0) await sleep(clock, RETRY_MS, undefined, { keepAlive: true });
      }
    }
  }

  #withoutSettled(chunks: readonly QueuedChunk[]): readonly QueuedChunk[] {
    const open = chunks.filter(({ call }) => !call.isSettled);
    this.#heldBytes -= sizeOf(chunks) - sizeOf(open);
    return open;
  }
}

function sizeOf(chunks: readonly RecordChunk[]): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes, 0);
}

function unconfirmed(when: string): VigilantError {
  return new VigilantError(
    'VIGILANT_BROKER_UNAVAILABLE',
    `Kafka did not confirm the events ${when}. Publish them again with the same ids.`,
  );
}
