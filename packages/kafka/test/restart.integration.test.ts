import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createEngine, createSharedStore, eventually, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';
import { startKafkaProxy } from './support/kafka-proxy';

describeWithService('kafka', 'createKafkaBroker after its server was killed', (address) => {
  /** Kills a server and starts it again. Resolves to the milliseconds from the start until its next event is stored. */
  const restart = async (options: {
    readonly instanceId?: string;
    readonly sessionTimeoutMs: number;
  }): Promise<number> => {
    const topic = createTopicName();
    const store = createSharedStore();
    const proxy = await startKafkaProxy(address);
    const killed = createEngine({ brokers: [proxy.address], topic, ...options }, { store });
    await killed.vigilant.open();
    await killed.vigilant.log({ message: 'before' });
    expect(await messagesOf(killed.vigilant)).toEqual(['before']);
    proxy.rules = { onRequest: () => 'cut' };
    proxy.cutAll();

    const next = createEngine({ brokers: [address], topic, ...options }, { store, intervalMs: 100 });
    const started = performance.now();
    await next.vigilant.open();
    const { id } = await next.vigilant.log({ message: 'after' });
    await eventually('stored', 60_000, async () => (await store.get(id)) !== undefined);
    return performance.now() - started;
  };

  it('stores new events before the session of the killed server expires when it has an instanceId', async () => {
    const options = { instanceId: 'server-1', sessionTimeoutMs: 30_000 };
    expect(await restart(options)).toBeLessThan(20_000);
  }, 90_000);

  it('stores new events once the session of the killed server has expired when it has no instanceId', async () => {
    expect(await restart({ sessionTimeoutMs: 6_000 })).toBeLessThan(30_000);
  }, 90_000);
});
