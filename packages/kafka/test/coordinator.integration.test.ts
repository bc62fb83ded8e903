import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createEngine, eventually, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';
import { API, startKafkaProxy } from './support/kafka-proxy';

/** Error code of Kafka for a group without a coordinator. */
const NOT_AVAILABLE = 15;

const OBSERVED_MS = 4_000;

describeWithService('kafka', 'createKafkaBroker without a group coordinator', (address) => {
  it('names the likely setting in the status, reports few diagnostics, and stores accepted events once there is one', async () => {
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
    await vigilant.log({ message: 'accepted' });
    expect(await vigilant.query('', { freshMs: 20_000 })).toMatchObject({
      events: [],
      freshness: { complete: false, pending: 1 },
    });

    const before = diagnostics.length;
    await new Promise((resolve) => setTimeout(resolve, OBSERVED_MS));
    const warnings = diagnostics.slice(before).filter(({ level }) => level === 'warn' || level === 'error');
    expect(warnings.length).toBeLessThan(10);
    expect((await vigilant.status()).state).toBe('degraded');

    proxy.rules = {};
    await eventually('ready', 30_000, async () => (await vigilant.status()).state === 'ready');
    expect(await messagesOf(vigilant)).toEqual(['accepted']);
  }, 90_000);
});
