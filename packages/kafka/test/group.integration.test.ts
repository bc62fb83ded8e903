import { createMemoryStore } from '@vigilant/core';
import type { Vigilant } from '@vigilant/core';
import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { completeAnswer, createEngine, createSharedStore, eventually, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';

describeWithService('kafka', 'createKafkaBroker in several servers', (address) => {
  it('includes the accepted events in a query, whichever server consumes them, before the batch interval ends', async () => {
    const topic = createTopicName();
    const store = createSharedStore();
    const engines = [0, 1, 2].map(() => createEngine({ brokers: [address], topic }, { store }).vigilant);
    for (const engine of engines) await engine.open();
    await eventually(
      'all servers are ready',
      20_000,
      async () => (await engines[0]?.status())?.state === 'ready',
    );
    for (let round = 0; round < 100; round += 1) {
      const engine = engines[round % engines.length] as Vigilant;
      const { id } = await engine.log({ message: `round ${round}` });
      const events = await completeAnswer(engine, `id:${id}`);
      expect(events.map((event) => event.id)).toEqual([id]);
    }
  }, 120_000);

  it('stores each event once while servers join and leave', async () => {
    const topic = createTopicName();
    const store = createSharedStore();
    const options = { brokers: [address], topic, sessionTimeoutMs: 6_000 };
    const steady = createEngine(options, { store, intervalMs: 100 }).vigilant;
    await steady.open();
    let isOver = false;
    const accepted: string[] = [];
    const load = (async () => {
      for (let n = 0; !isOver; n += 20) {
        const batch = Array.from({ length: 20 }, (_, index) => ({
          id: `e${n + index}`,
          message: `${n + index}`,
        }));
        await steady.logBatch(batch);
        accepted.push(...batch.map(({ id }) => id));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    for (let round = 0; round < 4; round += 1) {
      const guest = createEngine(options, { store, intervalMs: 100 }).vigilant;
      await guest.open();
      const hasStored = async (): Promise<boolean> => (await guest.status()).scheduler.stored > 0;
      await eventually('the guest stores events', 30_000, hasStored);
      await guest.close();
    }
    isOver = true;
    await load;
    await completeAnswer(steady, 'id:none');
    const { store: stored } = await steady.status();
    expect(stored?.events).toBe(accepted.length);
    for (const id of accepted) expect(await store.get(id)).toBeDefined();
  }, 120_000);

  it('stores the events of every partition after a time without a server', async () => {
    const topic = createTopicName();
    const producer = createEngine({ brokers: [address], topic }).vigilant;
    await producer.open();
    await producer.close();
    const failing = { ...createMemoryStore(), append: () => Promise.reject(new Error('down')) };
    const down = createEngine(
      { brokers: [address], topic },
      { store: Object.assign(createMemoryStore(), failing) },
    );
    const messages = Array.from({ length: 200 }, (_, index) => `${index}`);
    await down.vigilant.logBatch(messages.map((message) => ({ message })));
    await down.vigilant.close();
    const up = createEngine({ brokers: [address], topic }).vigilant;
    await up.open();
    expect((await up.status()).broker.pendingEvents).toBe(200);
    expect([...(await messagesOf(up))].sort()).toEqual([...messages].sort());
  }, 60_000);
});
