import { createTestContext } from '@vigilant/conformance';
import type { TestContext } from '@vigilant/conformance';
import { normalizeEvent, resolveDefaults } from '@vigilant/core/adapter';
import type { Broker, Delivery, Event } from '@vigilant/core';
import { onTestFinished } from 'vitest';
import type { KafkaBrokerOptions } from '../../src/index';
import { createKafkaBroker } from '../../src/index';

/** An open broker, which closes when the test ends. */
export interface TestBroker {
  readonly broker: Broker;
  readonly context: TestContext;
}

/** Opens a broker on a topic, whose group has the topic's name. */
export async function openBroker(
  options: KafkaBrokerOptions & { readonly topic: string },
): Promise<TestBroker> {
  const broker = createKafkaBroker({ groupId: options.topic, ...options });
  const context = createTestContext();
  onTestFinished(() => broker.close());
  await broker.open(context);
  return { broker, context };
}

/** Consumes until the broker closes, and resolves then. */
export async function consumeAll(
  broker: Broker,
  onDelivery: (delivery: Delivery) => void = (delivery) => void delivery.ack(),
  maxBytes?: number,
): Promise<void> {
  const { signal } = new AbortController();
  const options = { signal, ...(maxBytes === undefined ? {} : { maxBytes }) };
  for await (const delivery of broker.consume(options)) onDelivery(delivery);
}

/** Creates an event whose message is its id. */
export function eventOf(id: string, more: object = {}): Event {
  const context = { defaults: resolveDefaults({}), now: Date.now, newId: () => id };
  return normalizeEvent({ message: id, ...more }, context);
}
