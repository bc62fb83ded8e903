import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createEngine, createSharedStore, eventually, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';
import { startKafkaProxy } from './support/kafka-proxy';

describeWithService('kafka', 'a server that starts after it was killed', (address) => {
  /** Kills a server and starts it again. Resolves to the milliseconds from the start until its next event is stored. */
  const restart = async (name: { readonly instanceId?: string }): Promise<number> => {
    const topic = createTopicName();
    const store = createSharedStore();
    const proxy = await startKafkaProxy(address);
    const killed = createEngine({ brokers: [proxy.address], topic, ...name }, { store });
    await killed.vigilant.open();
    await killed.vigilant.log({ message: 'before' });
    expect(await messagesOf(killed.vigilant)).toEqual(['before']);
    proxy.rules = { onRequest: () => 'cut' };
    proxy.cutAll();

    const next = createEngine({ brokers: [address], topic, ...name }, { store, intervalMs: 100 });
    const started = performance.now();
    await next.vigilant.open();
    const { id } = await next.vigilant.log({ message: 'after' });
    await eventually('stored', 20_000, async () => (await store.get(id)) !== undefined);
    return performance.now() - started;
  };

  it('stores new events within 3 s when it has an instanceId', async () => {
    expect(await restart({ instanceId: 'server-1' })).toBeLessThan(3_000);
  }, 60_000);

  it('stores new events within sessionTimeoutMs plus 3 s when it has none', async () => {
    expect(await restart({})).toBeLessThan(6_000 + 3_000);
  }, 60_000);
});
