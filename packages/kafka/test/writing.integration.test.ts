import { createMemoryStore, createVigilant } from '@vigilant/core';
import type { Event, Store, VigilantOptions } from '@vigilant/core';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createKafkaBroker } from '../src/index';
import { createAdmin } from './support/admin';
import { createSharedStore, eventually, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';

/** Replaces a write. `append` performs it. */
type Intervention = (batch: readonly Event[], append: Store['append']) => ReturnType<Store['append']>;

const intervene = (store: Store, how: Intervention): Store =>
  new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name === 'append') return (batch: readonly Event[]) => how(batch, (each) => target.append(each));
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

describeWithService('kafka', 'createKafkaBroker with a failing store', (address) => {
  const start = (topic: string, options: Pick<VigilantOptions, 'store' | 'batch' | 'graceMs'>) => {
    const broker = createKafkaBroker({
      brokers: [address],
      topic,
      groupId: topic,
      sessionTimeoutMs: 6_000,
      createTopic: { partitions: 1 },
    });
    const vigilant = createVigilant({ broker, ...options });
    onTestFinished(async () => void (await vigilant.close()));
    return vigilant;
  };

  it.each(['nothing', 'everything'] as const)(
    'continues after a restart at a write that failed, when %s of it was stored',
    async (stored) => {
      const topic = createTopicName();
      const admin = await createAdmin(address);
      const store = createSharedStore();
      const messages = Array.from({ length: 250 }, (_, n) => `${n}`);
      let writes = 0;
      let failures = 0;
      let isAhead = false;
      const failing = intervene(store, async (batch, append) => {
        writes += 1;
        const [committed = 0] = await admin.committed(topic, topic);
        const { events } = await store.status();
        isAhead ||= committed > events;
        if (writes < 3) return append(batch);
        if (stored === 'everything') await append(batch);
        failures += 1;
        throw new Error('the store broke');
      });
      const batch = { maxEvents: 50, intervalMs: 20 };
      const broken = start(topic, { store: failing, batch, graceMs: 500 });
      // Large enough for several deliveries, each of which is acknowledged as a whole.
      const data = { text: 'a'.repeat(20_000) };
      await broken.logBatch(messages.map((message) => ({ message, data })));
      await eventually('a write fails again and again', 20_000, async () => failures >= 3);
      await broken.close();
      expect(isAhead).toBe(false);
      const [committed] = await admin.committed(topic, topic);
      expect(committed).toBeGreaterThan(0);
      expect(committed).toBeLessThanOrEqual(100);

      const repaired = start(topic, { store, batch });
      await repaired.open();
      expect(await messagesOf(repaired)).toEqual(messages);
    },
    60_000,
  );

  it('stays in the group during a write of twice the session timeout, with more events than it may hold', async () => {
    const topic = createTopicName();
    const admin = await createAdmin(address);
    let writes = 0;
    const slow = intervene(createMemoryStore(), async (batch, append) => {
      writes += 1;
      if (writes === 1) await new Promise((resolve) => setTimeout(resolve, 12_000));
      return append(batch);
    });
    const vigilant = start(topic, {
      store: slow,
      batch: { maxEvents: 100, intervalMs: 20 },
    });
    // More than the 32 MiB that a process holds unacknowledged.
    const events = Array.from({ length: 2_400 }, (_, n) => ({
      message: `${n}`,
      data: { text: 'a'.repeat(16_000) },
    }));
    for (let start = 0; start < events.length; start += 400)
      await vigilant.logBatch(events.slice(start, start + 400));
    await eventually('a write', 20_000, async () => writes === 1);
    const members = await admin.members(topic);
    expect(members).toHaveLength(1);
    await eventually('everything stored', 60_000, async () => (await vigilant.flush()).complete);
    expect(await admin.members(topic)).toEqual(members);
    const { scheduler } = await vigilant.status();
    expect(scheduler).toMatchObject({ stored: events.length, duplicates: 0 });
  }, 120_000);
});
