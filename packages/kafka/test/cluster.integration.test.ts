import { runBrokerConformance } from '@vigilant/conformance';
import type { TestRunner } from '@vigilant/conformance';
import type { Broker } from '@vigilant/core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { describeWithOwnServices } from '../../../scripts/services/in-tests.mjs';
import type { KafkaCluster } from '../../../scripts/services/kafka-cluster.mjs';
import { startKafkaCluster } from '../../../scripts/services/kafka-cluster.mjs';
import { createKafkaBroker } from '../src/index';
import { createAdmin } from './support/admin';
import { eventOf, openBroker } from './support/broker';
import { createClusterAdmin, idsIn } from './support/cluster';
import { eventually } from './support/engine';
import { createProducer, createTopicName } from './support/kafka';

/** Default of kafkajs for the time that a node without anything to fetch sleeps, in milliseconds. */
const LONGER_FETCH_WAIT_MS = 5_000;

/** Cases that depend on which node leads the partition or coordinates the group. The others run on one node only. */
const WITH_NODES =
  /^broker\/(consume|ack|redelivery|abandon)\/|^broker\/(barrier|watch)\/(all-processes|nothing-missed|waits-for-ack)/;

const CLUSTER_RUNNER: TestRunner = {
  describe,
  it(title, body, timeoutMs) {
    if (WITH_NODES.test(title)) it(title, body, timeoutMs);
  },
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Publishes batches of 20 events until it is stopped, and repeats each batch until it is acknowledged. */
function startPublishing(broker: Broker) {
  const acknowledged: string[] = [];
  let isOver = false;
  onTestFinished(() => void (isOver = true));
  const worker = async (name: number): Promise<void> => {
    for (let batch = 0; !isOver; batch += 1) {
      const events = Array.from({ length: 20 }, (_, n) => eventOf(`${name}-${batch}-${n}`));
      const publish = (): Promise<boolean> =>
        broker.publish(events).then(
          () => true,
          () => false,
        );
      while (!isOver && !(await publish())) await pause(50);
      if (!isOver) acknowledged.push(...events.map(({ id }) => id));
      await pause(25);
    }
  };
  const workers = [1, 2, 3, 4].map(worker);
  return {
    acknowledged,
    async stop() {
      isOver = true;
      await Promise.all(workers);
    },
  };
}

describeWithOwnServices(['kafka'], 'createKafkaBroker on three nodes', () => {
  let cluster: KafkaCluster;
  beforeAll(async () => {
    cluster = await startKafkaCluster();
  });
  afterAll(() => cluster?.dispose());

  runBrokerConformance(CLUSTER_RUNNER, {
    name: 'Kafka broker on three nodes',
    // Joining a group takes up to two seconds.
    patienceMs: 20_000,
    create: async () => {
      const topic = createTopicName();
      const brokers = cluster.addresses;
      const create = () =>
        createKafkaBroker({ brokers, topic, groupId: topic, createTopic: { partitions: 1 } });
      const producer = await createProducer(brokers[0] ?? '');
      return {
        broker: create(),
        another: create,
        publishExternal: (bytes) => producer.send(topic, [Buffer.from(bytes)]),
        dispose: () => producer.close(),
      };
    },
  });

  it('creates a topic whose events survive the loss of a machine', async () => {
    const topic = createTopicName();
    const { broker } = await openBroker({ brokers: cluster.addresses, topic });
    const admin = await createAdmin(cluster.addresses[0] ?? '');
    expect(await admin.settings(topic)).toEqual({ 'min.insync.replicas': '2' });
    expect(broker.status().durability).toBe('replicated');
  }, 60_000);

  it('keeps every acknowledged event when a partition moves to a node that leads another one', async () => {
    const topic = createTopicName();
    const admin = await createClusterAdmin(cluster);
    await admin.createTopic(topic, [[1], [2]], { 'min.insync.replicas': '1' });
    const { broker } = await openBroker({ brokers: cluster.addresses, topic });
    const publish = (from: number) =>
      broker.publish(Array.from({ length: 40 }, (_, n) => eventOf(`event-${from + n}`)));
    await publish(0);
    // The first message on the control topic makes the producer request the leaders, so it must come before the move.
    await eventually('an announcement', 10_000, async () => (await admin.end(`${topic}.control`)) > 0);
    await admin.move(topic, 0, [2]);
    await pause(3_000);
    await publish(40);
    expect(new Set(await idsIn(cluster, topic)).size).toBe(80);
  }, 60_000);

  it('keeps every acknowledged event while the nodes restart one after another', async () => {
    const topic = createTopicName();
    const admin = await createClusterAdmin(cluster);
    const { broker } = await openBroker({ brokers: cluster.addresses, topic });
    const load = startPublishing(broker);
    for (const node of cluster.nodes) {
      const before = load.acknowledged.length;
      await node.stop();
      await node.start();
      await eventually(
        'events after the restart',
        30_000,
        async () => load.acknowledged.length > before + 200,
      );
      await admin.healed();
    }
    await load.stop();
    const kept = new Set(await idsIn(cluster, topic));
    console.log(`${load.acknowledged.length} acknowledged, ${kept.size} kept`);
    expect(load.acknowledged.filter((id) => !kept.has(id)).length).toBe(0);
  }, 180_000);

  it('resumes publishing while a node is frozen, and keeps every acknowledged event', async () => {
    const topic = createTopicName();
    const admin = await createClusterAdmin(cluster);
    const { broker } = await openBroker({ brokers: cluster.addresses, topic });
    const load = startPublishing(broker);
    await eventually('events', 10_000, async () => load.acknowledged.length > 200);
    const { pid = 0 } = cluster.nodes[1] ?? {};
    process.kill(pid, 'SIGSTOP');
    onTestFinished(() => void process.kill(pid, 'SIGCONT'));
    await pause(2_000);
    const before = load.acknowledged.length;
    await eventually('events after the restart', 60_000, async () => load.acknowledged.length > before + 500);
    process.kill(pid, 'SIGCONT');
    await admin.healed();
    await load.stop();
    const kept = new Set(await idsIn(cluster, topic));
    expect(load.acknowledged.filter((id) => !kept.has(id)).length).toBe(0);
  }, 180_000);

  it('watches every node and closes promptly although at first only one node has something to fetch', async () => {
    const topic = createTopicName();
    const admin = await createClusterAdmin(cluster);
    await admin.createTopic(topic, [
      [1, 2],
      [2, 3],
      [3, 1],
    ]);
    const { broker } = await openBroker({ brokers: cluster.addresses, topic });
    // The group of the watch has formed once the server receives its own announcement.
    await pause(5_000);
    const before = performance.now();
    const events = Array.from({ length: 30 }, (_, n) => eventOf(`${n}`));
    const seen = new Set<string>();
    const watch = await broker.watch({ signal: new AbortController().signal });
    await broker.publish(events);
    for await (const batch of watch) {
      for (const { id } of batch) seen.add(id);
      if (seen.size === events.length) break;
    }
    const seenAt = performance.now();
    expect(seenAt - before).toBeLessThan(LONGER_FETCH_WAIT_MS);
    await broker.close();
    expect(performance.now() - seenAt).toBeLessThan(LONGER_FETCH_WAIT_MS);
  }, 60_000);
});
