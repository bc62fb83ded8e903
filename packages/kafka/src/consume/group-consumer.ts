import type { AdapterContext, Delivery } from '@vigilant/core';
import { createWakeup, sleep } from '@vigilant/core/adapter';
import type { Assignment, IncomingBatch, KafkaClient, Offsets } from '../contracts/kafka-client';
import type { ResolvedKafkaOptions } from '../contracts/kafka-options';
import type { GroupProgress } from '../offsets/group-progress';
import { decodeRecords } from './decode-records';
import type { FetchedPortion } from './fetched-records';
import { createFetchedRecords } from './fetched-records';
import type { Generation } from './generation';
import { createGeneration } from './generation';
import { createOffsetCommitter } from './offset-committer';
import { runConsumer, supervise } from './supervise';

/** Maximum bytes of a fetch. */
const FETCH_BYTES = 4 * 1024 * 1024;

/** Bytes of fetched records above which fetching pauses. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/** Maximum time that a fetch waits for records, in milliseconds. Short, because a rebalance waits for every member. */
const FETCH_WAIT_MS = 1_000;

/** Interval between heartbeats while fetching pauses, in milliseconds. */
const HEARTBEAT_MS = 500;

/** State of a consumer. */
export interface ConsumerHealth {
  /** Why the consumer is not running at present. */
  readonly failureReason: string | undefined;
  /** Whether this consumer is a member of the group, with or without partitions. */
  readonly isMember: boolean;
  /** Monotonic time at which Kafka last answered a fetch, or records last waited for space in the buffer. */
  readonly lastActivity: number;
  /** Timestamp of the oldest unacknowledged record, in milliseconds. */
  readonly oldestTimestamp: number | undefined;
}

/** Consumes records as a member of the group and delivers them. */
export interface GroupConsumer extends ConsumerHealth {
  /** Resolves to the next delivery, or to `undefined` once the consumer has ended. */
  next(maxBytes: number): Promise<Delivery | undefined>;
  /** Requests that the engine writes all records below these ends as soon as they are delivered. */
  requestFlush(ends: Offsets): void;
  /** Ends the deliveries without leaving the group yet. */
  end(): void;
  /** Leaves the group. */
  stop(): Promise<void>;
}

/** Dependencies of a `GroupConsumer`. */
export interface GroupConsumerParts {
  readonly client: KafkaClient;
  readonly options: ResolvedKafkaOptions;
  readonly context: AdapterContext;
  readonly progress: GroupProgress;
  /** Called after each rebalance. */
  readonly onAssigned: () => void;
}

/** Starts a consumer. It restarts after failures until it is stopped. */
export function startGroupConsumer(parts: GroupConsumerParts): GroupConsumer {
  const consumer = new DeliveringConsumer(parts);
  consumer.start();
  return consumer;
}

class DeliveringConsumer implements GroupConsumer {
  readonly #parts: GroupConsumerParts;
  readonly #ending = new AbortController();
  readonly #arrived = createWakeup();
  readonly #fetched = createFetchedRecords(MAX_BUFFERED_BYTES);
  #endPause = (): void => {};
  #generation: Generation | undefined;
  #failureReason: string | undefined;
  #lastActivity: number;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: GroupConsumerParts) {
    this.#parts = parts;
    this.#lastActivity = parts.context.clock.monotonic();
  }

  start(): void {
    const { clock } = this.#parts.context;
    const run = (signal: AbortSignal): Promise<Error | undefined> => this.#run(signal);
    this.#running = supervise(clock, this.#ending.signal, run, (error, failures) => {
      this.#failureReason = `${error.message} Consecutive failures: ${failures}.`;
      this.#report('consumer-failed', 'The group consumer failed and will be restarted.', error);
    });
  }

  get failureReason(): string | undefined {
    return this.#failureReason;
  }

  get isMember(): boolean {
    return this.#generation !== undefined;
  }

  get lastActivity(): number {
    return this.#lastActivity;
  }

  get oldestTimestamp(): number | undefined {
    return this.#generation?.oldestTimestamp;
  }

  async next(maxBytes: number): Promise<Delivery | undefined> {
    while (!this.#ending.signal.aborted) {
      const generation = this.#generation;
      const delivery = generation && (await this.#nextOf(generation, maxBytes));
      if (this.#ending.signal.aborted) return undefined;
      if (delivery !== undefined) return delivery;
      if (this.#fetched.isEmpty) await this.#arrived.wait();
    }
    return undefined;
  }

  requestFlush(ends: Offsets): void {
    this.#generation?.requestFlush(ends);
    this.#arrived.wake();
  }

  end(): void {
    this.#ending.abort();
    this.#arrived.wake();
    this.#endPause();
  }

  async stop(): Promise<void> {
    this.end();
    await this.#running;
  }

  #run(signal: AbortSignal): Promise<Error | undefined> {
    const { client, options, context } = this.#parts;
    return runConsumer(signal, client, {
      group: options.groupId,
      instanceId: options.instanceId,
      topics: [options.topic],
      from: 'earliest',
      sessionTimeoutMs: options.sessionTimeoutMs,
      fetchWaitMs: FETCH_WAIT_MS,
      fetchBytes: FETCH_BYTES,
      onAssigned: (assignment) => this.#startGeneration(assignment),
      onBatch: (batch, heartbeat) => this.#receive(batch, heartbeat),
      onActivity: () => (this.#lastActivity = context.clock.monotonic()),
    });
  }

  #startGeneration(assignment: Assignment): void {
    const { options, context, progress, onAssigned } = this.#parts;
    this.#endGeneration();
    this.#failureReason = undefined;
    onAssigned();
    const committer = createOffsetCommitter({
      assignment,
      topic: options.topic,
      clock: context.clock,
      onCommitted: (partition, offset) => progress.noteCommitted(partition, offset),
      onFailure: (error) =>
        this.#report('commit-failed', 'Committing an offset failed and will be retried.', error),
    });
    const generation = createGeneration(assignment, options.topic, committer, context.clock);
    this.#generation = generation;
    assignment.signal.addEventListener('abort', () => {
      if (this.#generation === generation) this.#endGeneration();
      this.#arrived.wake();
    });
    void this.#findPositions(generation);
  }

  #endGeneration(): void {
    this.#generation = undefined;
    this.#fetched.clear();
    this.#endPause();
  }

  /** Reads the position of each partition, because a partition without new records delivers nothing. */
  async #findPositions(generation: Generation): Promise<void> {
    const { progress, context } = this.#parts;
    const { signal } = generation.assignment;
    while (!signal.aborted) {
      try {
        await progress.refresh();
        generation.startAt((partition) => progress.positionOf(partition));
        return this.#arrived.wake();
      } catch {
        await sleep(context.clock, HEARTBEAT_MS, signal).catch(() => {});
      }
    }
  }

  /** Buffers a batch, and waits while the buffer is full. Nothing more is fetched in the meantime. */
  async #receive(batch: IncomingBatch, heartbeat: () => Promise<void>): Promise<void> {
    const { progress, context } = this.#parts;
    const generation = this.#generation;
    if (generation?.deliveriesOf(batch.partition) === undefined) return;
    this.#fetched.add(batch);
    progress.noteEnd(batch.partition, batch.next);
    this.#arrived.wake();
    while (this.#fetched.isFull && this.#generation === generation && !this.#ending.signal.aborted) {
      const pause = new AbortController();
      this.#endPause = () => pause.abort();
      await sleep(context.clock, HEARTBEAT_MS, pause.signal).catch(() => {});
      this.#lastActivity = context.clock.monotonic();
      await heartbeat();
    }
  }

  async #nextOf(generation: Generation, maxBytes: number): Promise<Delivery | undefined> {
    const portion = this.#fetched.take(maxBytes);
    if (!this.#fetched.isFull) this.#endPause();
    if (portion !== undefined) return this.#deliver(generation, portion, maxBytes);
    if (!generation.takeFlush()) return undefined;
    const { signal } = generation.assignment;
    return { events: [], malformed: [], flush: true, signal, ack: async () => {} };
  }

  async #deliver(
    generation: Generation,
    { partition, records, bytes, next }: FetchedPortion,
    maxBytes: number,
  ): Promise<Delivery | undefined> {
    const { options, context, progress } = this.#parts;
    const { signal } = generation.assignment;
    const { events, malformed } = await decodeRecords(context, `${options.topic}/${partition}`, records);
    const deliveries = generation.deliveriesOf(partition);
    if (deliveries === undefined || signal.aborted) return undefined;
    progress.noteSize(records.length, bytes);
    const acknowledge = deliveries.deliver(next, records[0]?.timestamp ?? context.clock.now());
    const ack = async (): Promise<void> => {
      const offset = acknowledge();
      if (offset !== undefined) await generation.committer.commit(partition, offset);
    };
    if (records.length > 0) return { events, malformed, flush: generation.takeFlush(), signal, ack };
    // The portion holds only control records of transactions, which the engine does not store.
    void ack();
    return this.#nextOf(generation, maxBytes);
  }

  #report(code: string, message: string, error: unknown): void {
    this.#parts.context.diagnostics({ level: 'warn', component: 'kafka', code, message, error });
  }
}
