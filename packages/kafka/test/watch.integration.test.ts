import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { eventOf, openBroker } from './support/broker';
import { createTopicName } from './support/kafka';
import { API, startKafkaProxy } from './support/kafka-proxy';

describeWithService('kafka', 'watch of createKafkaBroker', (address) => {
  it('does not wait for a group, which Kafka delays for its first member', async () => {
    const proxy = await startKafkaProxy(address);
    proxy.rules = { onAnswer: (api) => (api === API.joinGroup ? new Promise(() => {}) : 'pass') };
    const { broker } = await openBroker({ brokers: [proxy.address], topic: createTopicName() });
    const watch = await broker.watch({ signal: new AbortController().signal });
    await broker.publish([eventOf('live')]);
    for await (const events of watch) {
      expect(events.map(({ id }) => id)).toEqual(['live']);
      break;
    }
  }, 60_000);
});
