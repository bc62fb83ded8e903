import kafkajs from 'kafkajs';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createEngine, eventually, messagesOf } from './support/engine';
import { createProducer, createTopicName } from './support/kafka';

describeWithService('kafka', 'createKafkaBroker beside other clients', (address) => {
  const kafka = new kafkajs.Kafka({
    brokers: [address],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 1 },
  });
  const engineOn = async (topic: string, partitions = 2) => {
    const { vigilant } = createEngine({ brokers: [address], topic, createTopic: { partitions } });
    await vigilant.open();
    await vigilant.log({ message: 'first' });
    expect(await messagesOf(vigilant)).toEqual(['first']);
    return vigilant;
  };

  it('keeps other consumers out of its group', async () => {
    const topic = createTopicName();
    const vigilant = await engineOn(topic);
    const consumer = kafka.consumer({
      groupId: topic,
      retry: { retries: 0, restartOnFailure: async () => false },
    });
    onTestFinished(() => consumer.disconnect());
    const rejected = new Promise<string>((resolve) =>
      consumer.on(consumer.events.CRASH, ({ payload }) => resolve(payload.error.message)),
    );
    await consumer.connect();
    await consumer.subscribe({ topics: [topic] });
    await consumer.run({ eachMessage: async () => {} }).catch(() => {});
    expect(await rejected).toMatch(/inconsistent|protocol/i);
    const messages = Array.from({ length: 20 }, (_, n) => `${n}`);
    await vigilant.logBatch(messages.map((message) => ({ message })));
    expect([...(await messagesOf(vigilant))].sort()).toEqual([...messages, 'first'].sort());
  }, 60_000);

  it('completes queries despite invalid control messages', async () => {
    const topic = createTopicName();
    const vigilant = await engineOn(topic);
    const producer = await createProducer(address);
    onTestFinished(() => producer.close());
    const invalid = [
      { v: 1, flush: { 0: Number.MAX_SAFE_INTEGER, 1: Number.MAX_SAFE_INTEGER, 700: 5 } },
      { v: 1, alive: 'x'.repeat(1_000) },
      { v: 1, flush: { 0: -1 } },
      'invalid',
    ];
    await producer.send(
      `${topic}.control`,
      invalid.map((each) => Buffer.from(JSON.stringify(each))),
    );
    await vigilant.log({ message: 'second' });
    expect([...(await messagesOf(vigilant))].sort()).toEqual(['first', 'second']);
    expect((await vigilant.status()).state).toBe('ready');
  }, 60_000);

  it('creates its topics again after another client has deleted them', async () => {
    const topic = createTopicName();
    const vigilant = await engineOn(topic);
    const admin = kafka.admin();
    await admin.connect();
    onTestFinished(() => admin.disconnect());
    await admin.deleteTopics({ topics: [topic, `${topic}.control`] });
    await eventually(
      'both topics',
      40_000,
      async () => (await admin.listTopics()).filter((name) => name.startsWith(topic)).length === 2,
    );
    await eventually('ready', 40_000, async () => (await vigilant.status()).state === 'ready');
    await vigilant.log({ message: 'second' });
    await eventually('stored', 40_000, async () => (await messagesOf(vigilant)).includes('second'));
  }, 150_000);
});
