import { VigilantError } from '@vigilant/core';
import type { CompressionTypes, Kafka, Message, Producer } from 'kafkajs';
import type { OutgoingRecord, PartitionEnd } from '../contracts/kafka-client';
import type { KafkaCompression } from '../contracts/kafka-options';
import { noteConfirmations, positionOf } from './confirmations';
import type { BatchMessage } from './partitioner';
import { createPartitioner } from './partitioner';

const COMPRESSION = { none: 0, gzip: 1, snappy: 2 } as const;

/** How long Kafka waits for replicas before it reports an error, in milliseconds. Shorter than the request timeout of the client. */
const REPLICAS_MS = 8_000;

/** Maximum number of sends of a record that is not confirmed. */
const ROUNDS = 3;

/** Sends records to Kafka. */
export interface KafkajsProducer {
  connect(): Promise<void>;
  /** Resolves once every record is confirmed; see `KafkaClient.produce`. Rejects with the errors of kafkajs. */
  produce(topic: string, records: readonly OutgoingRecord[]): Promise<readonly PartitionEnd[]>;
  disconnect(): Promise<void>;
}

/** Creates a producer of kafkajs that resolves only when the nodes have confirmed every record. */
export function createKafkajsProducer(kafka: Kafka, compression: KafkaCompression): KafkajsProducer {
  noteConfirmations();
  const producer = kafka.producer({
    createPartitioner,
    allowAutoTopicCreation: false,
    metadataMaxAge: 60_000,
    // One retry suffices when a partition has moved. The caller retries other failures for as long as it waits.
    retry: { retries: 1 },
  });
  return new ConfirmedProducer(producer, COMPRESSION[compression]);
}

class ConfirmedProducer implements KafkajsProducer {
  readonly #producer: Producer;
  readonly #compression: CompressionTypes;
  /** A record keeps its message when it is sent again. Its confirmation is found by the message, which kafkajs does not copy. */
  readonly #messages = new WeakMap<OutgoingRecord, Message>();

  constructor(producer: Producer, compression: CompressionTypes) {
    this.#producer = producer;
    this.#compression = compression;
  }

  connect(): Promise<void> {
    return this.#producer.connect();
  }

  async produce(topic: string, records: readonly OutgoingRecord[]): Promise<readonly PartitionEnd[]> {
    const all = records.map((record) => this.#messageOf(record));
    const unconfirmed = (): Message[] => all.filter((message) => positionOf(message) === undefined);
    let open = unconfirmed();
    for (let round = 0; open.length > 0 && round < ROUNDS; round += 1) {
      await this.#producer.send({
        topic,
        messages: open,
        acks: -1,
        timeout: REPLICAS_MS,
        compression: this.#compression,
      });
      open = unconfirmed();
    }
    if (open.length > 0)
      throw new VigilantError(
        'VIGILANT_BROKER_UNAVAILABLE',
        `Kafka confirmed only ${all.length - open.length} of ${all.length} records for ${topic}, because its partitions keep moving. Publish the events again.`,
      );
    return endsOf(all);
  }

  disconnect(): Promise<void> {
    return this.#producer.disconnect();
  }

  #messageOf(record: OutgoingRecord): Message {
    const known = this.#messages.get(record);
    if (known !== undefined) return known;
    const { buffer, byteOffset, byteLength } = record.value;
    const value = Buffer.from(buffer, byteOffset, byteLength);
    const message: BatchMessage = { key: record.key, value, batch: record.batch };
    this.#messages.set(record, message);
    return message;
  }
}

/** Returns the offset after the last of these messages, for each of their partitions. */
function endsOf(messages: readonly Message[]): readonly PartitionEnd[] {
  const ends = new Map<number, number>();
  for (const message of messages) {
    const position = positionOf(message);
    if (position === undefined) continue;
    ends.set(position.partition, Math.max(position.offset + 1, ends.get(position.partition) ?? 0));
  }
  return [...ends].map(([partition, end]) => ({ partition, end }));
}
