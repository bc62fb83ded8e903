import { VigilantError } from '@vigilant/core';
import kafkajs from 'kafkajs';
import type { Kafka, Message } from 'kafkajs';
import type { OutgoingRecord, PartitionEnd } from '../contracts/kafka-client';
import type { KafkaCompression } from '../contracts/kafka-options';
import { noteConfirmations, placeOf } from './confirmations';
import { toBuffer } from './to-buffer';

const COMPRESSION = { none: 0, gzip: 1, snappy: 2 } as const;

/** How long Kafka waits for replicas before it reports an error, in milliseconds. Shorter than the request timeout of the client. */
const REPLICAS_MS = 8_000;

/** Maximum number of sends of a record that is not confirmed. */
const ROUNDS = 3;

/** Sends records to Kafka. */
export interface Producer {
  connect(): Promise<void>;
  /** Resolves once every record is confirmed; see `KafkaClient.produce`. Rejects with the errors of kafkajs. */
  produce(topic: string, records: readonly OutgoingRecord[]): Promise<readonly PartitionEnd[]>;
  disconnect(): Promise<void>;
}

/** Creates a producer of kafkajs that trusts only what the nodes have confirmed. */
export function createProducer(kafka: Kafka, compression: KafkaCompression): Producer {
  noteConfirmations();
  const producer = kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    metadataMaxAge: 60_000,
    // One retry suffices when a partition has moved. The caller retries other failures for as long as it waits.
    retry: { retries: 1 },
  });
  /** A record keeps its message when it is sent again, by which its confirmation is found: kafkajs does not copy messages. */
  const messages = new WeakMap<OutgoingRecord, Message>();
  const messageOf = (record: OutgoingRecord): Message => {
    const known = messages.get(record);
    if (known !== undefined) return known;
    const message = { key: record.key, value: toBuffer(record.value) };
    messages.set(record, message);
    return message;
  };
  const settings = { acks: -1, timeout: REPLICAS_MS, compression: COMPRESSION[compression] };
  return {
    connect: () => producer.connect(),
    async produce(topic, records) {
      const all = records.map(messageOf);
      const unconfirmed = (): Message[] => all.filter((message) => placeOf(message) === undefined);
      let open = unconfirmed();
      for (let round = 0; open.length > 0 && round < ROUNDS; round += 1) {
        await producer.send({ topic, messages: open, ...settings });
        open = unconfirmed();
      }
      if (open.length > 0)
        throw new VigilantError(
          'VIGILANT_BROKER_UNAVAILABLE',
          `Kafka confirmed only ${all.length - open.length} of ${all.length} records for ${topic}, because its partitions keep moving. Publish the events again.`,
        );
      return endsOf(all);
    },
    disconnect: () => producer.disconnect(),
  };
}

/** Returns the offset after the last of these messages, for each of their partitions. */
function endsOf(messages: readonly Message[]): readonly PartitionEnd[] {
  const ends = new Map<number, number>();
  for (const message of messages) {
    const place = placeOf(message);
    if (place === undefined) continue;
    ends.set(place.partition, Math.max(place.offset + 1, ends.get(place.partition) ?? 0));
  }
  return [...ends].map(([partition, end]) => ({ partition, end }));
}
