import { createTestContext } from '@vigilant/conformance';
import type { Store } from '@vigilant/core';
import { createMemoryStore, createVigilant } from '@vigilant/core';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createKafkaBroker } from '../src/index';
import { createEngine, eventually } from './support/engine';
import { createTopicName } from './support/kafka';
import { API, startKafkaProxy } from './support/kafka-proxy';

/** More than the time that closing may take, in milliseconds. */
const DEADLINE_MS = 9_000;

/** Returns the number of resources of a kind that keep this process alive. */
const heldOf = (kind: 'TCPSocketWrap' | 'Timeout'): number =>
  process.getActiveResourcesInfo().filter((name) => name === kind).length;

/** Expects that closing is prompt and that neither a connection nor a timer remains. */
async function expectNothingLeft(
  use: () => Promise<{ readonly close: () => Promise<unknown> }>,
): Promise<void> {
  const before = { sockets: heldOf('TCPSocketWrap'), timers: heldOf('Timeout') };
  const { close } = await use();
  const started = performance.now();
  await close();
  expect(performance.now() - started).toBeLessThan(DEADLINE_MS);
  await eventually('no connection remains', 10_000, async () => heldOf('TCPSocketWrap') <= before.sockets);
  await eventually('no timer remains', 10_000, async () => heldOf('Timeout') <= before.timers);
}

const createHangingStore = (onAppend: () => void): Store =>
  Object.assign(createMemoryStore(), {
    append() {
      onAppend();
      return new Promise<never>(() => {});
    },
  });

describeWithService('kafka', 'close', (address) => {
  const create = () => {
    const topic = createTopicName();
    return { topic, broker: createKafkaBroker({ brokers: [address], topic, groupId: topic }) };
  };

  it('ends a pending open', () =>
    expectNothingLeft(async () => {
      const { broker } = create();
      const context = createTestContext();
      const opening = broker.open(context).then(
        () => 'open',
        (error: { code: string }) => error.code,
      );
      return {
        async close() {
          await broker.close();
          expect(await opening).toBe('VIGILANT_BROKER_CLOSED');
          expect(broker.status().state).toBe('closed');
          await eventually('no timer is left', 10_000, async () => context.pendingTimers === 0);
        },
      };
    }));

  it('ends a pending open that Kafka does not answer', () =>
    expectNothingLeft(async () => {
      const proxy = await startKafkaProxy(address);
      let onAsked = (): void => {};
      const asked = new Promise<void>((resolve) => (onAsked = resolve));
      proxy.rules = {
        onAnswer() {
          onAsked();
          return new Promise(() => {});
        },
      };
      const broker = createKafkaBroker({ brokers: [proxy.address] });
      const context = createTestContext();
      const opening = broker.open(context).catch((error: { code: string }) => error.code);
      await asked;
      return {
        async close() {
          await broker.close();
          expect(await opening).toBe('VIGILANT_BROKER_CLOSED');
          await eventually('no timer is left', 10_000, async () => context.pendingTimers === 0);
        },
      };
    }));

  it('releases everything while the group is being joined', () =>
    expectNothingLeft(async () => {
      const { broker } = create();
      const context = createTestContext();
      await broker.open(context);
      const consuming = (async () => {
        for await (const _ of broker.consume({ signal: new AbortController().signal }));
      })();
      return {
        async close() {
          await broker.close();
          await consuming;
          await eventually('no timer is left', 10_000, async () => context.pendingTimers === 0);
        },
      };
    }));

  it('does not wait for a join that Kafka never answers', () =>
    expectNothingLeft(async () => {
      const proxy = await startKafkaProxy(address);
      const topic = createTopicName();
      let onJoin = (): void => {};
      const joining = new Promise<void>((resolve) => (onJoin = resolve));
      proxy.rules = {
        onAnswer(api) {
          if (api !== API.joinGroup) return 'pass';
          onJoin();
          return new Promise(() => {});
        },
      };
      const context = createTestContext();
      const broker = createKafkaBroker({ brokers: [proxy.address], topic, groupId: topic });
      await broker.open(context);
      const consuming = (async () => {
        for await (const _ of broker.consume({ signal: new AbortController().signal }));
      })();
      await joining;
      return {
        async close() {
          await broker.close();
          await consuming;
          await eventually('no timer is left', 10_000, async () => context.pendingTimers === 0);
        },
      };
    }));

  it('may be called twice, also concurrently', () =>
    expectNothingLeft(async () => {
      const { broker } = create();
      await broker.open(createTestContext());
      return {
        async close() {
          await Promise.all([broker.close(), broker.close()]);
          await broker.close();
        },
      };
    }));

  it('does not wait for a write of the store that never settles', () =>
    expectNothingLeft(async () => {
      let onAppend = (): void => {};
      const writing = new Promise<void>((resolve) => (onAppend = resolve));
      const vigilant = createVigilant({
        broker: create().broker,
        store: createHangingStore(() => onAppend()),
        batch: { intervalMs: 10 },
        graceMs: 1_000,
      });
      onTestFinished(async () => void (await vigilant.close()));
      await vigilant.log({ message: 'never stored' });
      await writing;
      return { close: () => vigilant.close() };
    }));

  it('ends an engine that has just started to open', () =>
    expectNothingLeft(async () => {
      const { vigilant } = createEngine({ brokers: [address], topic: createTopicName() });
      void vigilant.open().catch(() => {});
      return { close: () => vigilant.close() };
    }));
});
