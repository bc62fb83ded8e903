import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createEngine, eventually, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';
import { API, startKafkaProxy } from './support/kafka-proxy';

/** Raises the minimum version of produce requests in the response to an ApiVersions request. */
function raiseProduce(answer: Buffer, lowest: number): void {
  // The response has an error code, the number of entries, and per entry the API key, the minimum and the maximum version.
  for (let at = 6; at < 6 + answer.readInt32BE(2) * 6; at += 6)
    if (answer.readInt16BE(at) === API.produce) answer.writeInt16BE(lowest, at + 2);
}

describeWithService('kafka', 'createKafkaBroker after a restart of Kafka', (address) => {
  it('reports API versions without overlap in the status, until they overlap again', async () => {
    const proxy = await startKafkaProxy(address);
    const { vigilant } = createEngine(
      { brokers: [proxy.address], topic: createTopicName(), publishTimeoutMs: 5_000 },
      { intervalMs: 100 },
    );
    await vigilant.open();
    await vigilant.log({ message: 'before' });
    proxy.rules = {
      // Kafka closes the connection after a request of an unsupported version.
      onRequest: (api) => (api === API.produce ? 'cut' : 'pass'),
      onAnswer(api, answer) {
        if (api === API.apiVersions) raiseProduce(answer, 8);
        return 'pass';
      },
    };
    proxy.cutAll();
    await eventually('the reason', 30_000, async () => {
      const { state, reasons } = await vigilant.status();
      return state === 'degraded' && reasons.join().includes('Produce: broker 8 to 13, client 0 to 7');
    });
    await expect(vigilant.log({ message: 'rejected' })).rejects.toThrow(
      /Produce: broker 8 to 13|did not confirm/,
    );
    proxy.rules = {};
    await eventually('ready', 30_000, async () => (await vigilant.status()).state === 'ready');
    await vigilant.log({ message: 'after' });
    expect(await messagesOf(vigilant)).toEqual(expect.arrayContaining(['before', 'after']));
  }, 90_000);

  it('reconnects to a node that was slow to report its API versions', async () => {
    const proxy = await startKafkaProxy(address);
    const { vigilant } = createEngine({
      brokers: [proxy.address],
      topic: createTopicName(),
      publishTimeoutMs: 15_000,
    });
    await vigilant.open();
    await vigilant.log({ message: 'before' });
    proxy.rules = { onAnswer: (api) => (api === API.apiVersions ? new Promise(() => {}) : 'pass') };
    proxy.cutAll();
    const meanwhile = vigilant.log({ message: 'meanwhile' }).catch(() => {});
    await eventually('degraded', 30_000, async () => (await vigilant.status()).state === 'degraded');
    await meanwhile;
    proxy.rules = {};
    await eventually('ready', 30_000, async () => (await vigilant.status()).state === 'ready');
    await vigilant.log({ message: 'after' });
    expect(await messagesOf(vigilant)).toEqual(expect.arrayContaining(['before', 'after']));
  }, 90_000);
});
