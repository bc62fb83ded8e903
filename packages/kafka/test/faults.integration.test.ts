import type { Vigilant } from '@vigilant/core';
import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { eventOf, openBroker } from './support/broker';
import { createEngine, eventually, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';
import { API, startKafkaProxy } from './support/kafka-proxy';
import type { Verdict } from './support/kafka-proxy';

/** Sets the error code of the first partition in the response to a produce request for this topic. Returns `false` for other responses. */
function injectError(api: number, answer: Buffer, topic: string, code: number): boolean {
  // The response has the number of topics, the topic with its length, the number of partitions, a partition, and its error code.
  if (api !== API.produce || answer.readInt16BE(4) !== topic.length) return false;
  answer.writeInt16BE(code, 4 + 2 + topic.length + 4 + 4);
  return true;
}

/** Logs events, and resends each with the same id until it is confirmed, as the gRPC client does. */
async function logUntilConfirmed(vigilant: Vigilant, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, n) => `event-${n}`);
  for (const id of ids)
    while (
      !(await vigilant.log({ id, message: id }).then(
        () => true,
        () => false,
      ))
    );
  return ids;
}

describeWithService('kafka', 'publish', (address) => {
  it.each([
    ['before Kafka receives a request', 'onRequest', API.produce, 'cut'],
    ['before the response', 'onAnswer', API.produce, 'cut'],
    ['within the response', 'onAnswer', API.produce, 'cut-within'],
    ['within fetched events', 'onAnswer', API.fetch, 'cut-within'],
  ] as const)(
    'stores each event once when the connection ends %s',
    async (_, rule, cutApi, verdict) => {
      const proxy = await startKafkaProxy(address);
      const topic = createTopicName();
      const { vigilant } = createEngine({ brokers: [proxy.address], topic }, { intervalMs: 100 });
      await vigilant.open();
      let seen = 0;
      const everyThird = (api: number): Verdict =>
        api === cutApi && (seen += 1) % 3 === 0 ? verdict : 'pass';
      proxy.rules = { [rule]: everyThird };
      const ids = await logUntilConfirmed(vigilant, 20);
      proxy.rules = {};
      // At least two connections have ended.
      expect(seen).toBeGreaterThanOrEqual(6);
      expect([...(await messagesOf(vigilant))].sort()).toEqual([...ids].sort());
    },
    60_000,
  );

  it('rejects with an unknown outcome without a response, and a resend with the same ids creates no second row', async () => {
    const proxy = await startKafkaProxy(address);
    const topic = createTopicName();
    const { vigilant } = createEngine({ brokers: [proxy.address], topic, publishTimeoutMs: 1_500 });
    await vigilant.open();
    proxy.rules = { onAnswer: (api) => (api === API.produce ? 'cut' : 'pass') };
    const batch = ['a', 'b', 'c'].map((id) => ({ id, message: id }));
    await expect(vigilant.logBatch(batch)).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('same ids') as string,
    });
    proxy.rules = {};
    await eventually('acknowledged', 30_000, () =>
      vigilant.logBatch(batch).then(
        ({ accepted }) => accepted === batch.length,
        () => false,
      ),
    );
    expect([...(await messagesOf(vigilant))].sort()).toEqual(['a', 'b', 'c']);
    expect((await vigilant.status()).scheduler.duplicates).toBeGreaterThan(0);
  }, 60_000);

  it('closes a connection without a response for 10 s, and retries on another', async () => {
    const proxy = await startKafkaProxy(address);
    const { broker } = await openBroker({
      brokers: [proxy.address],
      topic: createTopicName(),
      publishTimeoutMs: 60_000,
    });
    await broker.publish([eventOf('before')]);
    proxy.rules = {
      onAnswer: (api) => (api === API.produce ? new Promise<Verdict>(() => {}) : 'pass'),
    };
    const { ended } = proxy;
    const published = broker.publish([eventOf('hung')]);
    await eventually('an end of the connection', 30_000, async () => proxy.ended > ended);
    proxy.rules = {};
    await published;
  }, 60_000);

  it.each([
    ['a sequence out of order', 45],
    ['a producer that Kafka no longer knows', 59],
  ])(
    'stores each event once when Kafka responds with %s',
    async (_, code) => {
      const proxy = await startKafkaProxy(address);
      const topic = createTopicName();
      const { vigilant } = createEngine({ brokers: [proxy.address], topic }, { intervalMs: 100 });
      await vigilant.open();
      let injected = 0;
      proxy.rules = {
        onAnswer(api, body) {
          if (injected < 3 && injectError(api, body, topic, code)) injected += 1;
          return 'pass';
        },
      };
      const ids = await logUntilConfirmed(vigilant, 10);
      expect(injected).toBe(3);
      expect([...(await messagesOf(vigilant))].sort()).toEqual([...ids].sort());
    },
    60_000,
  );
});
