import type { Delivery } from '@vigilant/core';
import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { consumeAll, eventOf, openBroker } from './support/broker';
import { createEngine, eventually } from './support/engine';
import { createTopicName } from './support/kafka';
import { API, startKafkaProxy } from './support/kafka-proxy';

describeWithService('kafka', 'createKafkaBroker while fetching', (address) => {
  it('degrades the status while Kafka answers everything but fetches', async () => {
    const proxy = await startKafkaProxy(address);
    const topic = createTopicName();
    const { broker } = await openBroker({
      brokers: [proxy.address],
      topic,
      createTopic: { partitions: 1 },
    });
    const seen: Delivery[] = [];
    const ids = (): string[] => seen.flatMap(({ events }) => events.map(({ id }) => id));
    void consumeAll(broker, (delivery) => void seen.push(delivery), 1);
    const first = Array.from({ length: 150 }, (_, n) => `${n}`);
    await broker.publish(first.map((id) => eventOf(id)));
    await eventually('all delivered', 20_000, async () => ids().length === first.length);

    let release = (): void => {};
    const released = new Promise<'pass'>((resolve) => (release = () => resolve('pass')));
    proxy.rules = { onAnswer: (api) => (api === API.fetch ? released : 'pass') };
    // Offsets are still committed.
    let acknowledged = 0;
    await eventually('degraded', 30_000, async () => {
      await seen[acknowledged]?.ack();
      acknowledged += 1;
      return broker.status().state === 'degraded';
    });
    expect(broker.status().reason).toMatch(/^Kafka has not answered a fetch for \d+ s/);

    proxy.rules = {};
    release();
    await eventually('ready again', 20_000, async () => broker.status().state === 'ready');
    await broker.publish([eventOf('last')]);
    await eventually('the next event', 20_000, async () => ids().includes('last'));
  }, 90_000);

  it('receives every event while Kafka throttles', async () => {
    const proxy = await startKafkaProxy(address);
    const topic = createTopicName();
    const { vigilant } = createEngine({ brokers: [proxy.address], topic }, { intervalMs: 50 });
    let throttleMs = 1;
    let throttled = 0;
    proxy.rules = {
      onAnswer(api, body) {
        if (api !== API.fetch) return 'pass';
        throttled += 1;
        body.writeInt32BE(throttleMs, 0);
        return 'pass';
      },
    };
    await vigilant.open();
    for (const ms of [1, 1, 1, 300, 300, 300]) {
      throttleMs = ms;
      const { id } = await vigilant.log({ message: `${ms}` });
      await eventually('it is stored', 30_000, async () => {
        const { events } = await vigilant.query(`id:${id}`, { freshMs: 0 });
        return events.length === 1;
      });
    }
    expect(throttled).toBeGreaterThan(3);
  }, 90_000);

  it('stays ready without partitions', async () => {
    const options = { brokers: [address], topic: createTopicName(), createTopic: { partitions: 1 } };
    const brokers = [(await openBroker(options)).broker, (await openBroker(options)).broker];
    for (const broker of brokers) void consumeAll(broker);
    const areReady = (): boolean => brokers.every((broker) => broker.status().state === 'ready');
    let readySince: number | undefined;
    await eventually('7 s without a change', 60_000, async () => {
      readySince = areReady() ? (readySince ?? performance.now()) : undefined;
      return readySince !== undefined && performance.now() - readySince > 7_000;
    });
  }, 90_000);
});
