import kafkajs from 'kafkajs';
import type { Transaction } from 'kafkajs';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createEngine, eventually, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';

const EVENTS = 50;

describeWithService('kafka', "createKafkaBroker during another producer's transaction", (address) => {
  /** Begins a transaction with one record in partition 0. */
  const begin = async (topic: string): Promise<Transaction> => {
    const kafka = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING });
    const producer = kafka.producer({
      transactionalId: `${topic}-external`,
      maxInFlightRequests: 1,
      idempotent: true,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    onTestFinished(() => producer.disconnect());
    const transaction = await producer.transaction();
    const value = JSON.stringify({ id: 'external', message: 'external' });
    // An open transaction also delays closing the engine.
    onTestFinished(() => (transaction.isActive() ? transaction.abort() : undefined));
    await transaction.send({ topic, messages: [{ value, partition: 0 }] });
    return transaction;
  };
  const start = async () => {
    const topic = createTopicName();
    const { vigilant } = createEngine(
      { brokers: [address], topic, createTopic: { partitions: 2 } },
      { intervalMs: 200 },
    );
    await vigilant.open();
    await vigilant.log({ message: 'first' });
    expect(await messagesOf(vigilant)).toEqual(['first']);
    const transaction = await begin(topic);
    await vigilant.logBatch(Array.from({ length: EVENTS }, (_, n) => ({ message: `${n}` })));
    return { topic, vigilant, transaction };
  };

  it('keeps answers incomplete and counts the waiting events as pending', async () => {
    const { vigilant } = await start();
    for (let round = 0; round < 3; round += 1) {
      const { freshness } = await vigilant.query('', { freshMs: 500 });
      expect(freshness.complete).toBe(false);
      expect(freshness.pending).toBeGreaterThan(0);
    }
  }, 90_000);

  it('reports the partition and the number of waiting records in the status', async () => {
    const { topic, vigilant } = await start();
    await eventually('degraded', 30_000, async () => (await vigilant.status()).state === 'degraded');
    const { reasons } = await vigilant.status();
    expect(reasons.join()).toMatch(
      new RegExp(`open transaction.* partition 0 of topic ${topic}.* \\d+ records wait`),
    );
  }, 90_000);

  it.each(['commit', 'abort'] as const)(
    'stores every event and completes answers after its %s',
    async (how) => {
      const { vigilant, transaction } = await start();
      await eventually('degraded', 30_000, async () => (await vigilant.status()).state === 'degraded');
      await transaction[how]();
      await eventually('ready', 30_000, async () => (await vigilant.status()).state === 'ready');
      expect((await messagesOf(vigilant)).length).toBe(1 + EVENTS + (how === 'commit' ? 1 : 0));
    },
    90_000,
  );
});
