import type { Admin as KafkajsAdmin, Kafka, KafkaConfig } from 'kafkajs';
import createKafkajsAdmin from 'kafkajs/src/admin/index.js';
import Cluster from 'kafkajs/src/cluster/index.js';
import { sleep, systemClock } from '@vigilant/core';
import { isDeepStrictEqual } from 'node:util';
import type { PartitionRange } from '../contracts/kafka-client';

/** Attempts to read the offsets of a topic, which fail while partitions move. */
const ATTEMPTS = 3;

/** Pause between attempts, in milliseconds. */
const AGAIN_MS = 100;

/** Timestamps that ListOffsets accepts in place of a time. */
const LATEST = -1;
const EARLIEST = -2;

/** Isolation levels. They select the end that ListOffsets returns: the high watermark or the last stable offset. */
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;

/** An admin client that also reads the offsets of partitions. */
export interface Admin extends KafkajsAdmin {
  /** Reads where each partition begins and ends. Includes partitions that were added a moment ago. */
  ranges(topic: string): Promise<readonly PartitionRange[]>;
}

/**
 * Creates an admin client of kafkajs 2.2.4 that also reads the true end of partitions.
 *
 * `fetchTopicOffsets` of kafkajs reads the last stable offset, which does not advance while a transaction is open.
 * It also misses new partitions and new leaders until its metadata expires after 5 minutes.
 */
export function createAdmin(kafka: Kafka, config: KafkaConfig): Admin {
  const logger = kafka.logger();
  const cluster = new Cluster({
    ...config,
    logger,
    allowAutoTopicCreation: false,
    enforceRequestTimeout: true,
  });
  // Callers repeat failed calls: a prompt error is worth more to them than another retry.
  const admin = createKafkajsAdmin({ logger, cluster, retry: { ...config.retry, retries: 1 } });

  /** Returns the partitions by the node that leads them. */
  const leadersOf = (topic: string): Record<string, number[]> =>
    cluster.findLeaderForPartitions(
      topic,
      cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId),
    );

  const list = async (
    topic: string,
    timestamp: number,
    isolationLevel: number,
  ): Promise<ReadonlyMap<number, number>> => {
    const answers = await Promise.all(
      Object.entries(leadersOf(topic)).map(async ([nodeId, led]) => {
        const node = await cluster.findBroker({ nodeId });
        const wanted = led.map((partition) => ({ partition, timestamp }));
        return node.listOffsets({ isolationLevel, topics: [{ topic, partitions: wanted }] });
      }),
    );
    const found = answers.flatMap(({ responses }) => responses.flatMap((each) => each.partitions));
    return new Map(found.map(({ partition, offset }) => [partition, Number(offset)]));
  };

  const listAll = async (topic: string): Promise<readonly PartitionRange[]> => {
    const [lows, stableEnds, ends] = await Promise.all([
      list(topic, EARLIEST, READ_UNCOMMITTED),
      list(topic, LATEST, READ_COMMITTED),
      list(topic, LATEST, READ_UNCOMMITTED),
    ]);
    return [...ends].map(([partition, end]) => ({
      partition,
      low: lows.get(partition) ?? 0,
      end,
      stableEnd: stableEnds.get(partition) ?? end,
    }));
  };

  const attempt = async (topic: string): Promise<readonly PartitionRange[]> => {
    await cluster.addTargetTopic(topic);
    const leaders = leadersOf(topic);
    // The offsets are read while the metadata is refreshed, and again if partitions turn out to have moved or been added.
    const [early, refreshed] = await Promise.allSettled([listAll(topic), cluster.refreshMetadata()]);
    if (refreshed.status === 'rejected') throw refreshed.reason;
    const isCurrent = isDeepStrictEqual(leaders, leadersOf(topic));
    return isCurrent && early.status === 'fulfilled' ? early.value : listAll(topic);
  };

  return {
    ...admin,
    async ranges(topic) {
      for (let attempts = 1; ; attempts += 1) {
        try {
          return await attempt(topic);
        } catch (error) {
          if (attempts >= ATTEMPTS || (error as { retriable?: boolean }).retriable === false) throw error;
          await sleep(systemClock, AGAIN_MS, undefined, { keepAlive: true });
        }
      }
    },
  };
}
