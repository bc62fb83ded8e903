import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createEngine, eventually, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';
import { API, startKafkaProxy } from './support/kafka-proxy';

/** Kafka's error for a group that has no coordinator. */
const NOT_AVAILABLE = 15;

const OBSERVED_MS = 4_000;

describeWithService('kafka', 'a group without a coordinator', (address) => {
  it('degrades the status with the likely setting and without a flood of records, and stores what was taken once there is one', async () => {
    const proxy = await startKafkaProxy(address);
    proxy.rules = {
      onAnswer(api, answer) {
        if (api === API.findCoordinator) answer.writeInt16BE(NOT_AVAILABLE, 4);
        return 'pass';
      },
    };
    const { vigilant, diagnostics } = createEngine(
      { brokers: [proxy.address], topic: createTopicName() },
      { intervalMs: 200 },
    );
    void vigilant.open();
    await eventually('the reason', 30_000, async () => {
      const { state, reasons } = await vigilant.status();
      return (
        state === 'degraded' && /group coordinator.*offsets\.topic\.replication\.factor/.test(reasons.join())
      );
    });
    await vigilant.log({ message: 'taken' });
    expect(await vigilant.query('', { freshMs: 20_000 })).toMatchObject({
      events: [],
      freshness: { complete: false, pending: 1 },
    });

    const before = diagnostics.length;
    await new Promise((resolve) => setTimeout(resolve, OBSERVED_MS));
    const loud = diagnostics.slice(before).filter(({ level }) => level === 'warn' || level === 'error');
    expect(loud.length).toBeLessThan(10);
    expect((await vigilant.status()).state).toBe('degraded');

    proxy.rules = {};
    await eventually('ready', 30_000, async () => (await vigilant.status()).state === 'ready');
    expect(await messagesOf(vigilant)).toEqual(['taken']);
  }, 90_000);
});
