import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createAdmin } from './support/admin';
import { consumeAll, eventOf, openBroker } from './support/broker';
import { eventually } from './support/engine';
import { createTopicName } from './support/kafka';
import { API, startKafkaProxy } from './support/kafka-proxy';

describeWithService('kafka', 'createTopic', (address) => {
  it('reports the durability of a topic with one replica in the status', async () => {
    const { broker } = await openBroker({ brokers: [address], topic: createTopicName() });
    expect(broker.capabilities).toEqual({ durability: 'unsynced', shared: true });
    expect(broker.status().durability).toBe('unsynced');
  }, 60_000);

  it('reports a topic that Kafka syncs after each record as stored on disk', async () => {
    const createTopic = { settings: { 'flush.messages': '1' } };
    const { broker } = await openBroker({ brokers: [address], topic: createTopicName(), createTopic });
    expect(broker.status().durability).toBe('disk');
  }, 60_000);

  it('creates a control topic with the name of the option, whose segments close', async () => {
    const controlTopic = createTopicName();
    const admin = await createAdmin(address);
    await openBroker({ brokers: [address], topic: createTopicName(), controlTopic });
    expect(await admin.settings(controlTopic)).toEqual({
      'cleanup.policy': 'delete',
      'retention.ms': '3600000',
      'segment.ms': '600000',
    });
  }, 60_000);

  it('counts no event as lost that is published before Kafka confirms the new topic', async () => {
    const proxy = await startKafkaProxy(address);
    let confirm = (): void => {};
    const confirmed = new Promise<'pass'>((resolve) => (confirm = () => resolve('pass')));
    proxy.rules = { onAnswer: (api) => (api === API.createTopics ? confirmed : 'pass') };
    const { broker } = await openBroker({ brokers: [proxy.address], topic: createTopicName() });
    await broker.publish([eventOf('early')]);
    confirm();
    let received = false;
    void consumeAll(broker, (delivery) => {
      received ||= delivery.events.length > 0;
      void delivery.ack();
    });
    await eventually('the event', 20_000, async () => received);
    await eventually('ready', 20_000, async () => broker.status().state === 'ready');
  }, 60_000);
});
