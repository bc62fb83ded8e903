/**
 * What the broker needs of a Kafka client, and nothing more: the seam behind which the client can be replaced.
 *
 * Offsets are numbers: Kafka's stay below 2^53.
 */
export interface KafkaClient {
  /** Connects; rejects with a `VigilantError` whose `retryable` tells whether trying again can help. Idempotent. */
  connect(): Promise<void>;
  /** Creates a topic unless it exists. Resolves to `true` if this call created it. */
  createTopic(topic: string, recipe: TopicRecipe): Promise<boolean>;
  describeTopic(topic: string): Promise<TopicDescription>;
  /** What each partition holds. */
  ranges(topic: string): Promise<readonly PartitionRange[]>;
  /** The offset that a group would go on from, by partition; partitions without one are left out. */
  committed(group: string, topic: string): Promise<ReadonlyMap<number, number>>;
  /**
   * Writes records. Resolves once every in-sync replica has them, to the end of each partition that received some.
   *
   * A rejection does not prove that nothing was stored. Call it again with the same record objects: only those that
   * Kafka has not confirmed are sent again.
   */
  produce(topic: string, records: readonly OutgoingRecord[]): Promise<readonly PartitionEnd[]>;
  /** Starts to consume in a group; `onEnd` tells when that has failed for good. */
  consume(options: GroupOptions): KafkaConsumer;
  /** Ends everything in order; what is left when `givenUp` resolves is cut. Never rejects. */
  close(givenUp: Promise<unknown>): Promise<void>;
}

/** How to make a topic. */
export interface TopicRecipe {
  readonly partitions: number;
  /** Absent: 3, or as many brokers as there are. */
  readonly replicationFactor?: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** What a topic is like. */
export interface TopicDescription {
  readonly partitions: number;
  /** The smallest of its partitions. */
  readonly replicationFactor: number;
  /** By Kafka's names. */
  readonly settings: ReadonlyMap<string, string>;
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

/** A record to produce. */
export interface OutgoingRecord {
  readonly key: string;
  readonly value: Uint8Array;
}

/** The offset after the last record of a partition. */
export interface PartitionEnd {
  readonly partition: number;
  readonly end: number;
}

/** A record as it comes. */
export interface IncomingRecord {
  readonly offset: number;
  /** In milliseconds. */
  readonly timestamp: number;
  readonly value: Uint8Array;
  /** Why the value is a whole batch of records that could not be decompressed; `lastOffset` is the last of them. */
  readonly undecodable?: { readonly reason: string; readonly lastOffset: number };
}

/** Records of one partition, in order. */
export interface IncomingBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly IncomingRecord[];
  /** The offset behind all of it, also behind what is no record for us. */
  readonly next: number;
}

/** The partitions that a member of a group owns, until the group changes. */
export interface Assignment {
  readonly partitions: ReadonlyMap<string, readonly number[]>;
  /** Aborted as soon as the group changes. */
  readonly signal: AbortSignal;
  /** Commits positions; rejects once the assignment is over, and changes nothing then. */
  commit(topic: string, offsets: ReadonlyMap<number, number>): Promise<void>;
}

/** How to consume. */
export interface GroupOptions {
  readonly group: string;
  /** The name of this member, kept across restarts: a restarted member gets its partitions back at once. */
  readonly instanceId?: string | undefined;
  readonly topics: readonly string[];
  /** Where a partition begins of which the group has no position. */
  readonly from: 'earliest' | 'latest';
  readonly sessionTimeoutMs: number;
  /** How long a fetch waits for something new: an idle member learns as late that its group changes, in milliseconds. */
  readonly fetchWaitMs: number;
  /** Most bytes that one fetch brings, and of each partition a quarter of it; a larger batch of records comes by itself. */
  readonly fetchBytes: number;
  onAssigned(assignment: Assignment): void;
  /**
   * Takes records. Until it resolves no more come; whoever needs long calls `heartbeat` meanwhile, and lets its
   * rejection pass.
   */
  onBatch(batch: IncomingBatch, heartbeat: () => Promise<void>): Promise<void>;
  /** Kafka answered a fetch, or anything while there is nothing to fetch. */
  onActivity(): void;
  /** It has ended by a failure and does not begin again by itself. */
  onEnd(error: Error): void;
}

/** A running consumer. What it is told between two assignments has no effect. */
export interface KafkaConsumer {
  pause(topic: string): void;
  resume(topic: string): void;
  /** The next records of this partition begin here. */
  seek(topic: string, partition: number, offset: number): void;
  /** Leaves the group and ends; never rejects. */
  stop(): Promise<void>;
}
