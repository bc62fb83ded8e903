import { rmSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithOwnServices } from '../../../scripts/services/in-tests.mjs';
import { startKafka } from '../../../scripts/services/kafka.mjs';
import { createServerFolder } from '../../../scripts/services/server.mjs';
import { freePorts } from '../../../scripts/services/tools.mjs';
import { createEngine, eventually, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';

describeWithOwnServices(
  ['kafka'],
  'createKafkaBroker while Kafka cannot create the topic of group offsets',
  () => {
    it('names the likely setting in the status, accepts events, and stores them after the setting is corrected', async () => {
      const folder = createServerFolder('kafka');
      const ports = (await freePorts(2)) as [number, number];
      const start = (replicas: number) =>
        startKafka({
          settings: { 'offsets.topic.replication.factor': `${replicas}` },
          keep: { folder, ports },
        });
      let kafka = await start(3);
      onTestFinished(async () => {
        await kafka.dispose();
        rmSync(folder, { recursive: true, force: true });
      });
      const { vigilant } = createEngine(
        { brokers: [kafka.address], topic: createTopicName() },
        { intervalMs: 200 },
      );
      await vigilant.open();
      await eventually('the reason', 30_000, async () => {
        const { state, reasons } = await vigilant.status();
        return (
          state === 'degraded' &&
          /group coordinator.*offsets\.topic\.replication\.factor/.test(reasons.join())
        );
      });
      await vigilant.log({ message: 'accepted' });

      await kafka.dispose();
      kafka = await start(1);
      await eventually('ready', 40_000, async () => (await vigilant.status()).state === 'ready');
      expect(await messagesOf(vigilant)).toEqual(['accepted']);
    }, 120_000);
  },
);
