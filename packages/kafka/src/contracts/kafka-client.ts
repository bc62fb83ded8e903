/**
 * The operations that the broker needs from a Kafka client. Only the files in `kafkajs/` depend on kafkajs.
 *
 * Offsets are numbers, because the offsets of Kafka stay below 2^53.
 */
export interface KafkaClient {
  /** Connects. Rejects with a `VigilantError` whose `retryable` says whether another attempt can succeed. Idempotent. */
  connect(): Promise<void>;
  /** Creates a topic unless it exists. Resolves to `true` if this call created it. */
  createTopic(topic: string, properties: TopicProperties): Promise<boolean>;
  describeTopic(topic: string): Promise<TopicDescription>;
  /** Resolves to the offsets of each partition. */
  ranges(topic: string): Promise<readonly PartitionRange[]>;
  /** Resolves to the committed offsets of a group by partition, without partitions that have none. */
  committed(group: string, topic: string): Promise<ReadonlyMap<number, number>>;
  /**
   * Writes records. Resolves once every in-sync replica has them, to the end of each partition that received some.
   *
   * A rejection does not prove that nothing was stored. Call it again with the same record objects: only those that
   * Kafka has not confirmed are sent again.
   */
  produce(topic: string, records: readonly OutgoingRecord[]): Promise<readonly PartitionEnd[]>;
  /** Starts a consumer. `onEnd` reports that it has failed. */
  consume(options: GroupOptions): KafkaConsumer;
  /** Stops all consumers and disconnects. Destroys the remaining connections when `givenUp` resolves. Never rejects. */
  close(givenUp: Promise<unknown>): Promise<void>;
}

/** Properties of a new topic. */
export interface TopicProperties {
  readonly partitions: number;
  /** @defaultValue 3, at most the number of nodes */
  readonly replicationFactor: number | undefined;
  /** Configuration by Kafka's names. */
  readonly settings: Readonly<Record<string, string>>;
  /** Returns defaults of the configuration for a number of replicas. They are left out if the cluster rejects them, as managed ones may. */
  preferredSettings(replicas: number): Readonly<Record<string, string>>;
}

/** Properties of an existing topic. */
export interface TopicDescription {
  /** The minimum of all partitions. */
  readonly replicationFactor: number;
  /** Configuration by Kafka's names; `undefined` if this user may not read it. */
  readonly settings: ReadonlyMap<string, string> | undefined;
}

/** Offsets of a partition. `low` is inclusive; `end` and `stableEnd` are exclusive. */
export interface PartitionRange {
  readonly partition: number;
  readonly low: number;
  /** The high watermark: everything below is replicated. */
  readonly end: number;
  /** The last stable offset, where the first open transaction begins. Consumers receive only records below it. Equals `end` if no transaction is open. */
  readonly stableEnd: number;
}

/** Offsets by partition. */
export type Offsets = ReadonlyMap<number, number>;

/** A record to produce. */
export interface OutgoingRecord {
  readonly key: string;
  /** Records of a batch share a partition. Consecutive batches are assigned to the partitions in turn. `undefined`: the key selects the partition. */
  readonly batch?: number | undefined;
  readonly value: Uint8Array;
}

/** The offset after the last record of a partition. */
export interface PartitionEnd {
  readonly partition: number;
  readonly end: number;
}

/** A record that was fetched. */
export interface IncomingRecord {
  readonly offset: number;
  /** In milliseconds. */
  readonly timestamp: number;
  readonly value: Uint8Array;
  /** Set if the value is a whole batch of records that could not be decompressed. `lastOffset` is the offset of its last record. */
  readonly undecodable?: { readonly reason: string; readonly lastOffset: number };
}

/** Records of one partition, in order of offset. */
export interface IncomingBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly IncomingRecord[];
  /** The offset after the batch, control records of transactions included. */
  readonly next: number;
}

/** The partitions of a consumer for one generation of its group. */
export interface Assignment {
  /** Partitions by topic. */
  readonly partitions: ReadonlyMap<string, readonly number[]>;
  /** Aborted as soon as the group rebalances. */
  readonly signal: AbortSignal;
  /** Commits offsets. Rejects without an effect once the assignment has ended. */
  commit(topic: string, offsets: Offsets): Promise<void>;
}

/** Options of a consumer. */
export interface GroupOptions {
  /** Consumer group; `undefined` for a consumer that receives every partition and commits nothing. */
  readonly group: string | undefined;
  /** Name of this member that stays the same after a restart. A restarted member receives its partitions again at once. */
  readonly instanceId: string | undefined;
  readonly topics: readonly string[];
  /** Where to start in a partition without a committed offset. */
  readonly from: 'earliest' | 'latest';
  readonly sessionTimeoutMs: number;
  /** Maximum time that a fetch waits for new records, in milliseconds. An idle member notices a rebalance only after it. */
  readonly fetchWaitMs: number;
  /** Maximum bytes of a fetch. At most a quarter comes from one partition. A larger batch of records is fetched alone. */
  readonly fetchBytes: number;
  onAssigned(assignment: Assignment): void;
  /**
   * Receives records. No more are delivered until it resolves. A slow receiver calls `heartbeat` in the meantime, and
   * does not catch its rejection.
   */
  onBatch(batch: IncomingBatch, heartbeat: () => Promise<void>): Promise<void>;
  /** Called when Kafka answers a fetch, and on every response while nothing is assigned. */
  onActivity(): void;
  /** Called when the consumer has failed. It does not restart on its own. */
  onEnd(error: Error): void;
}

/** A running consumer. Its methods have no effect between two assignments. */
export interface KafkaConsumer {
  pause(topic: string): void;
  resume(topic: string): void;
  /** Continues a partition at an offset. */
  seek(topic: string, partition: number, offset: number): void;
  /** Leaves the group and stops. Never rejects. */
  stop(): Promise<void>;
}
