import { createTestContext } from '@vigilant/conformance';
import { normalizeEvent, resolveDefaults } from '@vigilant/core/adapter';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeWithOwnServices } from '../../../scripts/services/in-tests.mjs';
import { startKafka } from '../../../scripts/services/kafka.mjs';
import { createKafkaBroker } from '../src/index';
import { createEngine, eventually, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';

describeWithOwnServices(['kafka'], 'createKafkaBroker during an outage of Kafka', () => {
  let kafka: Awaited<ReturnType<typeof startKafka>>;
  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterAll(() => kafka?.dispose());

  /** Starts Kafka unless it runs. */
  const run = async (): Promise<void> => {
    if (kafka.pid === undefined) await kafka.start();
  };

  it('degrades the status, recovers, and neither loses nor repeats an event', async () => {
    await run();
    const { vigilant } = createEngine(
      { brokers: [kafka.address], topic: createTopicName() },
      { intervalMs: 200 },
    );
    await vigilant.open();
    const accepted: string[] = [];
    let isOver = false;
    onTestFinished(() => void (isOver = true));
    const load = Promise.all(
      Array.from({ length: 4 }, async (_, worker) => {
        for (let n = 0; !isOver; n += 1) {
          const event = { id: `${worker}-${n}`, message: `${worker}-${n}` };
          // Resends the event with the same id until it is confirmed, as the gRPC client does.
          while (
            !isOver &&
            !(await vigilant.log(event).then(
              () => accepted.push(event.id),
              () => 0,
            ))
          );
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }),
    );
    const stateIs = (state: string) => async () => (await vigilant.status()).state === state;
    await eventually('some events', 20_000, async () => accepted.length > 100);
    await kafka.kill();
    await eventually('degraded', 30_000, stateIs('degraded'));
    expect((await vigilant.status()).reasons.join()).toMatch(/Kafka/);
    await eventually('blocked', 30_000, async () => (await vigilant.status()).broker.isBlocked === true);
    const asked = performance.now();
    expect((await vigilant.query('', { freshMs: 20_000 })).freshness.complete).toBe(false);
    expect(performance.now() - asked).toBeLessThan(10_000);
    await kafka.start();
    const before = accepted.length;
    await eventually('ready again', 60_000, stateIs('ready'));
    await eventually('events again', 30_000, async () => accepted.length > before + 100);
    isOver = true;
    await load;
    const messages = await messagesOf(vigilant);
    const stored = new Set(messages);
    expect(stored.size).toBe(messages.length);
    expect(accepted.filter((id) => !stored.has(id))).toEqual([]);
  }, 180_000);

  it('rejects the address of a listener that is not for clients', async () => {
    await run();
    const { vigilant } = createEngine({ brokers: [kafka.controllerAddress], topic: createTopicName() });
    await expect(vigilant.open()).rejects.toMatchObject({
      code: 'VIGILANT_OPTIONS_INVALID',
      message: expect.stringMatching(/not a client listener/) as string,
    });
  }, 60_000);

  it('ends tails and closes', async () => {
    await run();
    const { vigilant } = createEngine({ brokers: [kafka.address], topic: createTopicName() });
    await vigilant.open();
    const tail = vigilant.tail('');
    const first = tail.next();
    await vigilant.log({ message: 'live' });
    expect((await first).value).toMatchObject({ event: { message: 'live' } });
    await kafka.kill();
    await eventually('degraded', 30_000, async () => (await vigilant.status()).state === 'degraded');
    await tail.return?.();
    expect((await vigilant.status()).tails).toBe(0);
    await vigilant.close();
  }, 60_000);

  it('opens before Kafka starts, and connects once Kafka runs', async () => {
    await kafka.stop();
    const { vigilant } = createEngine({
      brokers: [kafka.address],
      topic: createTopicName(),
      publishTimeoutMs: 2_000,
    });
    await vigilant.open();
    expect((await vigilant.status()).state).toBe('degraded');
    // Stored events can be read in the meantime.
    expect((await vigilant.query('')).events).toEqual([]);
    const early = vigilant.log({ message: 'early' }).then(
      () => 'accepted',
      (error: { code: string }) => error.code,
    );
    expect(await early).toBe('VIGILANT_BROKER_UNAVAILABLE');
    await kafka.start();
    await eventually('ready', 30_000, async () => (await vigilant.status()).state === 'ready');
    await vigilant.log({ message: 'late' });
    expect(await messagesOf(vigilant)).toContain('late');
  }, 120_000);

  it('rejects a pending publish when it closes', async () => {
    await run();
    const broker = createKafkaBroker({
      brokers: [kafka.address],
      topic: createTopicName(),
      publishTimeoutMs: 600_000,
    });
    const context = createTestContext();
    const event = normalizeEvent(
      { message: 'unanswered' },
      { defaults: resolveDefaults({}), now: context.clock.now, newId: () => 'one' },
    );
    await broker.open(context);
    await kafka.kill();
    const outcome = broker.publish([event]).then(
      () => 'accepted',
      (error: { code: string }) => error.code,
    );
    await broker.close();
    expect(await outcome).toBe('VIGILANT_BROKER_UNAVAILABLE');
    await eventually('an end of all timers', 10_000, async () => context.pendingTimers === 0);
  }, 60_000);
});
