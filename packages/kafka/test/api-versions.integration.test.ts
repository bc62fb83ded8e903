import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createEngine, eventually, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';
import { API, startKafkaProxy } from './support/kafka-proxy';

/** Raises the lowest version of produce requests in an answer to the question for versions. */
function raiseProduce(answer: Buffer, lowest: number): void {
  // An error code and the number of entries, each of which is a number of a request, the lowest and the highest version.
  for (let at = 6; at < 6 + answer.readInt32BE(2) * 6; at += 6)
    if (answer.readInt16BE(at) === API.produce) answer.writeInt16BE(lowest, at + 2);
}

describeWithService('kafka', 'a Kafka that begins again', (address) => {
  it('is named in the status with both ranges when it speaks other versions, until it speaks ours again', async () => {
    const proxy = await startKafkaProxy(address);
    const { vigilant } = createEngine(
      { brokers: [proxy.address], topic: createTopicName(), publishTimeoutMs: 5_000 },
      { intervalMs: 100 },
    );
    await vigilant.open();
    await vigilant.log({ message: 'before' });
    proxy.rules = {
      // As Kafka does with versions that it does not speak.
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
    await expect(vigilant.log({ message: 'refused' })).rejects.toThrow(
      /Produce: broker 8 to 13|did not confirm/,
    );
    proxy.rules = {};
    await eventually('ready', 30_000, async () => (await vigilant.status()).state === 'ready');
    await vigilant.log({ message: 'after' });
    expect(await messagesOf(vigilant)).toEqual(expect.arrayContaining(['before', 'after']));
  }, 90_000);

  it('is taken up again though it was slow to tell its versions', async () => {
    const proxy = await startKafkaProxy(address);
    const { vigilant } = createEngine({
      ...{ brokers: [proxy.address], topic: createTopicName(), publishTimeoutMs: 4_000 },
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
