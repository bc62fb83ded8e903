import { describe, it } from 'vitest';
import { runBrokerConformance } from '@vigilant/conformance';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createKafkaBroker } from '../src/index';
import { createTopicName, createProducer } from './support/kafka';

describeWithService('kafka', 'createKafkaBroker', (address) =>
  runBrokerConformance(
    { describe, it },
    {
      name: 'Kafka broker',
      // Joining a group takes up to two seconds.
      patienceMs: 20_000,
      create: async () => {
        const topic = createTopicName();
        const create = () =>
          createKafkaBroker({
            brokers: [address],
            topic,
            groupId: topic,
            // The suite checks the order of all events, which Kafka keeps within a partition.
            createTopic: { partitions: 1 },
          });
        const producer = await createProducer(address);
        return {
          broker: create(),
          another: create,
          publishExternal: (bytes) => producer.send(topic, [Buffer.from(bytes)]),
          dispose: () => producer.close(),
        };
      },
    },
  ),
);
