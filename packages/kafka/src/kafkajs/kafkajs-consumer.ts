import kafkajs from 'kafkajs';
import type { Batch, Consumer, EachBatchPayload, Kafka, PartitionAssigner } from 'kafkajs';
import type {
  Assignment,
  GroupOptions,
  IncomingBatch,
  IncomingRecord,
  KafkaConsumer,
  Offsets,
} from '../contracts/kafka-client';
import { readStandIn } from '../compression/undecodable';
import { joinAlone } from './sole-member';
import type { StaticMember } from './static-membership';

/** Maximum time that a rebalance waits for members to join again, in milliseconds. */
const REBALANCE_MS = 30_000;

/** Maximum time until new partitions of a topic are noticed, in milliseconds. */
const METADATA_AGE_MS = 15_000;

/** Name of the group in log entries of a consumer that is not a member of one. */
const NO_GROUP = 'none';

/**
 * Assigns partitions round-robin, as kafkajs does, under a protocol name of our own: Kafka then rejects other consumers, which
 * would not store what they receive. Passes the static member to `addStaticMembership`, and the cluster to `joinAlone`.
 */
function createAssigner({ group, instanceId }: GroupOptions): PartitionAssigner {
  const staticMember: StaticMember | undefined = instanceId === undefined ? undefined : { instanceId };
  return (config) => {
    if (group === undefined) joinAlone(config.cluster);
    const assigner = kafkajs.PartitionAssigners.roundRobin(config);
    const name = 'vigilant';
    return {
      ...assigner,
      name,
      protocol: (topics) => ({ ...assigner.protocol(topics), name, staticMember }),
    };
  };
}

/** Commits offsets in the current generation of the group. */
type Commit = EachBatchPayload['commitOffsetsIfNecessary'];

/** Starts a consumer of kafkajs. It does not restart after a failure. */
export function startKafkajsConsumer(kafka: Kafka, options: GroupOptions): KafkaConsumer {
  const { sessionTimeoutMs, fetchBytes } = options;
  const consumer = kafka.consumer({
    groupId: options.group ?? NO_GROUP,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: Math.max(REBALANCE_MS, sessionTimeoutMs),
    heartbeatInterval: Math.floor(sessionTimeoutMs / 5),
    maxWaitTimeInMs: options.fetchWaitMs,
    maxBytes: fetchBytes,
    maxBytesPerPartition: Math.floor(fetchBytes / 4),
    metadataMaxAge: METADATA_AGE_MS,
    allowAutoTopicCreation: false,
    partitionAssigners: [createAssigner(options)],
    // The caller restarts the consumer and reports the failure.
    retry: { retries: 3, restartOnFailure: async () => false },
  });
  const started = new KafkajsConsumer(consumer, options);
  started.start();
  return started;
}

class KafkajsConsumer implements KafkaConsumer {
  readonly #consumer: Consumer;
  readonly #options: GroupOptions;
  #assignment: EndableAssignment | undefined;
  #commit: Commit | undefined;
  #isStopping = false;
  #running: Promise<void> = Promise.resolve();

  constructor(consumer: Consumer, options: GroupOptions) {
    this.#consumer = consumer;
    this.#options = options;
  }

  start(): void {
    const { events } = this.#consumer;
    this.#consumer.on(events.REQUEST, ({ payload }) => this.#onRequest(payload.apiName));
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => this.#onJoin(payload.memberAssignment));
    this.#consumer.on(events.END_BATCH_PROCESS, ({ payload }) => this.#onBatchEnd(payload));
    this.#consumer.on(events.CRASH, ({ payload }) => this.#fail(payload.error));
    this.#running = this.#run().catch((error: unknown) => this.#fail(error as Error));
  }

  pause(topic: string): void {
    whileMember(() => this.#consumer.pause([{ topic }]));
  }

  resume(topic: string): void {
    whileMember(() => this.#consumer.resume([{ topic }]));
  }

  seek(topic: string, partition: number, offset: number): void {
    whileMember(() => this.#consumer.seek({ topic, partition, offset: String(offset) }));
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#endAssignment();
    await this.#running;
    await disconnect(this.#consumer);
  }

  async #run(): Promise<void> {
    const { topics, from } = this.#options;
    await this.#consumer.connect();
    if (this.#isStopping) return;
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning: from === 'earliest' });
    if (this.#isStopping) return;
    const eachBatch = (payload: EachBatchPayload): Promise<void> => this.#onBatch(payload);
    await this.#consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch });
  }

  #onRequest(apiName: string): void {
    // Responses to other requests do not show progress, unless there is nothing to fetch.
    if (apiName === 'Fetch' || this.#assignment?.isEmpty === true) this.#options.onActivity();
    // After this request, kafkajs commits for the next generation.
    if (apiName === 'JoinGroup') this.#endAssignment();
  }

  #onJoin(memberAssignment: Readonly<Record<string, number[]>>): void {
    this.#endAssignment();
    this.#assignment = new EndableAssignment(new Map(Object.entries(memberAssignment)), (offsets) => {
      if (this.#commit === undefined) throw new Error('No batch was received yet.');
      return this.#commit(offsets);
    });
    this.#options.onAssigned(this.#assignment);
  }

  async #onBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat, commitOffsetsIfNecessary } = payload;
    this.#commit = commitOffsetsIfNecessary;
    const last = batch.messages.at(-1);
    if (last === undefined) return;
    const incoming = toIncoming(batch);
    // This only advances fetching; it does not commit.
    resolveOffset(last.offset);
    await this.#options.onBatch(incoming, heartbeat);
  }

  /** Advances past batches of control records, which kafkajs skips. */
  #onBatchEnd({ topic, partition, batchSize, lastOffset }: BatchEnd): void {
    if (batchSize > 0 || this.#assignment === undefined) return;
    const batch = { topic, partition, records: [], next: Number(lastOffset) + 1 };
    void this.#options.onBatch(batch, async () => {});
  }

  #fail(error: Error): void {
    this.#endAssignment();
    if (!this.#isStopping) this.#options.onEnd(error);
  }

  #endAssignment(): void {
    this.#assignment?.end();
    this.#assignment = undefined;
  }
}

/** The payload of `END_BATCH_PROCESS`. */
interface BatchEnd {
  readonly topic: string;
  readonly partition: number;
  readonly batchSize: number;
  readonly lastOffset: string;
}

class EndableAssignment implements Assignment {
  readonly partitions: ReadonlyMap<string, readonly number[]>;
  readonly #ended = new AbortController();
  readonly #commit: Commit;

  constructor(partitions: ReadonlyMap<string, readonly number[]>, commit: Commit) {
    this.partitions = partitions;
    this.#commit = commit;
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  get isEmpty(): boolean {
    return [...this.partitions.values()].every((list) => list.length === 0);
  }

  end(): void {
    this.#ended.abort();
  }

  async commit(topic: string, offsets: Offsets): Promise<void> {
    this.#ended.signal.throwIfAborted();
    const partitions = [...offsets].map(([partition, offset]) => ({ partition, offset: String(offset) }));
    // kafkajs reads the generation of the group synchronously, before it can change.
    await this.#commit({ topics: [{ topic, partitions }] });
  }
}

/** Ignores the error that kafkajs throws while the consumer is not a member of the group. `onAssigned` follows. */
function whileMember(work: () => void): void {
  try {
    work();
  } catch {
    // There is nothing to pause, resume or seek.
  }
}

async function disconnect(consumer: Consumer): Promise<void> {
  try {
    await consumer.disconnect();
  } catch {
    // It was no longer connected. Its sockets are destroyed when the client closes.
  }
}

function toIncoming(batch: Batch): IncomingBatch {
  const records: IncomingRecord[] = [];
  for (const { offset, timestamp, value } of batch.messages) {
    const standIn = readStandIn(value);
    if (standIn === 'rest') continue;
    const base = { offset: Number(offset), timestamp: Number(timestamp) };
    if (standIn === undefined) records.push({ ...base, value: value ?? new Uint8Array() });
    else {
      const { reason, bytes, lastOffsetDelta } = standIn;
      records.push({
        ...base,
        value: bytes,
        undecodable: { reason, lastOffset: base.offset + lastOffsetDelta },
      });
    }
  }
  const { topic, partition } = batch;
  return { topic, partition, records, next: Number(batch.lastOffset()) + 1 };
}
