import kafkajs from 'kafkajs';
import type { Batch, Consumer, EachBatchPayload, Kafka, PartitionAssigner } from 'kafkajs';
import type {
  Assignment,
  GroupOptions,
  IncomingBatch,
  IncomingRecord,
  KafkaConsumer,
} from '../contracts/kafka-client';
import { readStandIn } from '../compression/undecodable';
import type { StaticMember } from './static-membership';

/** How long the members of a group have to come back when it changes, in milliseconds. */
const REBALANCE_MS = 30_000;

/** How long it takes at most to notice new partitions of a topic, in milliseconds. */
const METADATA_AGE_MS = 15_000;

/**
 * Assigns partitions round-robin, as kafkajs does, under a protocol name of our own: Kafka then rejects other consumers, which
 * would not store what they receive. Passes the static member to `addStaticMembership`.
 */
function createAssigner(instanceId: string | undefined): PartitionAssigner {
  const staticMember: StaticMember | undefined = instanceId === undefined ? undefined : { instanceId };
  return (config) => {
    const assigner = kafkajs.PartitionAssigners.roundRobin(config);
    const name = 'vigilant';
    return {
      ...assigner,
      name,
      protocol: (topics) => ({ ...assigner.protocol(topics), name, staticMember }),
    };
  };
}

/** An assignment that knows when it is over. */
interface Term extends Assignment {
  end(): void;
}

/** Starts a consumer of kafkajs. */
export function startConsumer(kafka: Kafka, options: GroupOptions): KafkaConsumer {
  const {
    group,
    topics,
    from,
    sessionTimeoutMs,
    fetchWaitMs,
    fetchBytes,
    onAssigned,
    onBatch,
    onActivity,
    onEnd,
  } = options;
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: Math.max(REBALANCE_MS, sessionTimeoutMs),
    heartbeatInterval: Math.floor(sessionTimeoutMs / 5),
    maxWaitTimeInMs: fetchWaitMs,
    maxBytes: fetchBytes,
    maxBytesPerPartition: Math.floor(fetchBytes / 4),
    metadataMaxAge: METADATA_AGE_MS,
    allowAutoTopicCreation: false,
    partitionAssigners: [createAssigner(options.instanceId)],
    // Whoever uses this begins again by itself, and says so.
    retry: { retries: 3, restartOnFailure: async () => false },
  });
  let term: Term | undefined;
  let commitNow: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;
  let isStopping = false;

  const endTerm = (): void => {
    term?.end();
    term = undefined;
  };
  const fail = (error: Error): void => {
    endTerm();
    if (!isStopping) onEnd(error);
  };

  consumer.on(consumer.events.REQUEST, ({ payload }) => {
    // Answers to others say nothing of progress, unless there is nothing to fetch.
    if (payload.apiName === 'Fetch' || (term !== undefined && isEmpty(term))) onActivity();
    // From here on kafkajs would commit in the name of the next assignment.
    if (payload.apiName === 'JoinGroup') endTerm();
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    endTerm();
    term = createTerm(new Map(Object.entries(payload.memberAssignment)), (offsets) => {
      if (commitNow === undefined) throw new Error('Nothing was consumed yet.');
      return commitNow(offsets);
    });
    onAssigned(term);
  });
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    // Nothing but markers of transactions, which kafkajs passes over itself: the position moves all the same.
    if (payload.batchSize > 0 || term === undefined) return;
    const { topic, partition, lastOffset } = payload;
    void onBatch({ topic, partition, records: [], next: Number(lastOffset) + 1 }, async () => {});
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error));

  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch, resolveOffset, heartbeat, commitOffsetsIfNecessary } = payload;
    commitNow = commitOffsetsIfNecessary;
    const last = batch.messages.at(-1);
    if (last === undefined) return;
    const incoming = toIncoming(batch);
    // Fetching goes on behind it; what is committed is another matter.
    resolveOffset(last.offset);
    await onBatch(incoming, heartbeat);
  };

  const run = async (): Promise<void> => {
    await consumer.connect();
    if (isStopping) return;
    await consumer.subscribe({ topics: [...topics], fromBeginning: from === 'earliest' });
    if (isStopping) return;
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch });
  };
  const running = run().catch(fail);

  return {
    pause: (topic) => whileMember(() => consumer.pause([{ topic }])),
    resume: (topic) => whileMember(() => consumer.resume([{ topic }])),
    seek: (topic, partition, offset) =>
      whileMember(() => consumer.seek({ topic, partition, offset: String(offset) })),
    async stop() {
      isStopping = true;
      endTerm();
      await running;
      await disconnect(consumer);
    },
  };
}

/** kafkajs throws at whoever is no member yet, or no more; `onAssigned` comes next. */
function whileMember(work: () => void): void {
  try {
    work();
  } catch {
    // Nothing is consumed that could be paused or moved.
  }
}

async function disconnect(consumer: Consumer): Promise<void> {
  try {
    await consumer.disconnect();
  } catch {
    // It was no longer connected; its sockets are cut when the client closes.
  }
}

function isEmpty({ partitions }: Assignment): boolean {
  return [...partitions.values()].every((list) => list.length === 0);
}

function createTerm(
  partitions: ReadonlyMap<string, readonly number[]>,
  commit: (offsets: Parameters<EachBatchPayload['commitOffsetsIfNecessary']>[0]) => Promise<void>,
): Term {
  const over = new AbortController();
  return {
    partitions,
    signal: over.signal,
    end: () => over.abort(),
    async commit(topic, offsets) {
      over.signal.throwIfAborted();
      const list = [...offsets].map(([partition, offset]) => ({ partition, offset: String(offset) }));
      // kafkajs takes what the group is at this very moment, before anything can change.
      await commit({ topics: [{ topic, partitions: list }] });
    },
  };
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
