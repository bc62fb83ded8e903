import type { Admin, Kafka, KafkaConfig } from 'kafkajs';
import createKafkajsAdminClient from 'kafkajs/src/admin/index.js';
import Cluster from 'kafkajs/src/cluster/index.js';
import { systemClock } from '@vigilant/core';
import { sleep } from '@vigilant/core/adapter';
import { isDeepStrictEqual } from 'node:util';
import type { Offsets, PartitionRange } from '../contracts/kafka-client';

/** Attempts to read the offsets of a topic, which fail while partitions move. */
const ATTEMPTS = 3;

/** Pause between attempts, in milliseconds. */
const RETRY_MS = 100;

/** Timestamps that ListOffsets accepts in place of a time. */
const LATEST = -1;
const EARLIEST = -2;

/** Isolation levels. They select the end that ListOffsets returns: the high watermark or the last stable offset. */
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;

/** An admin client of kafkajs, and a reader of offsets that shares its connections. */
export interface KafkajsAdmin {
  readonly admin: Admin;
  /** Reads the offsets of each partition, including partitions that were added a moment ago. */
  ranges(topic: string): Promise<readonly PartitionRange[]>;
}

/**
 * Creates an admin client of kafkajs 2.2.4 that also reads the high watermark of partitions.
 *
 * `fetchTopicOffsets` of kafkajs reads the last stable offset, which does not advance while a transaction is open.
 * It also misses new partitions and new leaders until its metadata expires after 5 minutes.
 */
export function createKafkajsAdmin(kafka: Kafka, config: KafkaConfig): KafkajsAdmin {
  const logger = kafka.logger();
  const cluster = new Cluster({
    ...config,
    logger,
    allowAutoTopicCreation: false,
    enforceRequestTimeout: true,
  });
  // Callers repeat failed calls, so a prompt error is better than another retry.
  const admin = createKafkajsAdminClient({ logger, cluster, retry: { ...config.retry, retries: 1 } });
  return new ClusterAdmin(cluster, admin);
}

class ClusterAdmin implements KafkajsAdmin {
  readonly admin: Admin;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster, admin: Admin) {
    this.#cluster = cluster;
    this.admin = admin;
  }

  async ranges(topic: string): Promise<readonly PartitionRange[]> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await this.#attempt(topic);
      } catch (error) {
        if (attempts >= ATTEMPTS || (error as { retriable?: boolean }).retriable === false) throw error;
        await sleep(systemClock, RETRY_MS, undefined, { keepAlive: true });
      }
    }
  }

  async #attempt(topic: string): Promise<readonly PartitionRange[]> {
    await this.#cluster.addTargetTopic(topic);
    const leaders = this.#leadersOf(topic);
    // The offsets are read while the metadata is refreshed, and again if partitions turn out to have moved or been added.
    const [early, refreshed] = await Promise.allSettled([
      this.#listAll(topic),
      this.#cluster.refreshMetadata(),
    ]);
    if (refreshed.status === 'rejected') throw refreshed.reason;
    const isCurrent = isDeepStrictEqual(leaders, this.#leadersOf(topic));
    return isCurrent && early.status === 'fulfilled' ? early.value : this.#listAll(topic);
  }

  async #listAll(topic: string): Promise<readonly PartitionRange[]> {
    const [lows, stableEnds, ends] = await Promise.all([
      this.#list(topic, EARLIEST, READ_UNCOMMITTED),
      this.#list(topic, LATEST, READ_COMMITTED),
      this.#list(topic, LATEST, READ_UNCOMMITTED),
    ]);
    return [...ends].map(([partition, end]) => ({
      partition,
      low: lows.get(partition) ?? 0,
      end,
      stableEnd: stableEnds.get(partition) ?? end,
    }));
  }

  async #list(topic: string, timestamp: number, isolationLevel: number): Promise<Offsets> {
    const answers = await Promise.all(
      Object.entries(this.#leadersOf(topic)).map(async ([nodeId, led]) => {
        const node = await this.#cluster.findBroker({ nodeId });
        const partitions = led.map((partition) => ({ partition, timestamp }));
        return node.listOffsets({ isolationLevel, topics: [{ topic, partitions }] });
      }),
    );
    const found = answers.flatMap(({ responses }) => responses.flatMap((each) => each.partitions));
    return new Map(found.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /** Returns the partitions by the node that leads them. */
  #leadersOf(topic: string): Record<string, number[]> {
    const partitions = this.#cluster.findTopicPartitionMetadata(topic);
    return this.#cluster.findLeaderForPartitions(
      topic,
      partitions.map(({ partitionId }) => partitionId),
    );
  }
}
