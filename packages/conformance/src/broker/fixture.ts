import type { Broker } from '@vigilant/core';
import { openAdapters } from '../adapters';
import type { TestContext } from '../context';
import type { Case, CaseFixture } from '../suite';
import { within } from '../waiting';
import type { Consumer } from './consumer';
import { createConsumer } from './consumer';
import type { BrokerHarness, BrokerHarnessOptions } from './harness';

/** An optional feature that a case requires. */
export type BrokerNeed = 'durable' | 'shared' | 'bounded' | 'external' | 'failWrites' | 'publishEncoded';

/** A test of one guarantee of `Broker`. */
export type BrokerCase = Case<BrokerFixture, BrokerNeed>;

/** Capacity of the brokers under test in bytes, if it can be configured. */
const CAPACITY_BYTES = 4 * 1024 * 1024;

/** Dependencies of a case of the broker suite. */
export interface BrokerFixture extends CaseFixture<BrokerNeed> {
  /** Open and empty. */
  readonly broker: Broker;
  readonly harness: BrokerHarness;
  readonly context: TestContext;
  readonly patienceMs: number;
  /** Closes `broker` and opens another on the same data. */
  reopen(): Promise<Broker>;
  /** Opens another broker on the same data beside `broker`. */
  peer(): Promise<Broker>;
  /** Opens another broker on the same data with the given context. */
  another(context: TestContext): Promise<Broker>;
  /** Creates a broker on new data, without opening it. */
  unopened(): Promise<Broker>;
  /** Opens a broker, which is closed after the case. */
  open(broker: Broker): Promise<Broker>;
  /** Creates a consumer. */
  consume(broker: Broker, options?: { readonly maxBytes?: number }): Consumer;
  /** Waits for a promise. Fails after the time limit. */
  within<T>(what: string, promise: Promise<T>): Promise<T>;
}

/** Settings of all fixtures of a suite. */
export interface BrokerSuiteSettings {
  readonly create: (options: BrokerHarnessOptions) => Promise<BrokerHarness>;
  readonly patienceMs: number;
}

/** Creates a fixture with an open broker. */
export async function createBrokerFixture({
  create,
  patienceMs,
}: BrokerSuiteSettings): Promise<BrokerFixture> {
  const adapters = await openAdapters({
    name: 'broker',
    create: () => create({ capacityBytes: CAPACITY_BYTES }),
    adapterOf: ({ broker }) => broker,
    patienceMs,
  });
  const { harness, context } = adapters;
  return {
    broker: harness.broker,
    harness,
    context,
    patienceMs,
    reopen: () => adapters.reopen(),
    peer: () => adapters.another(),
    another: (given) => adapters.another(given),
    unopened: async () => (await adapters.unopened()).broker,
    open: (broker) => adapters.open(broker),
    consume: (broker, options = {}) => createConsumer(broker, { ...options, patienceMs }),
    within: (what, promise) => within(patienceMs, what, promise),
    skipReason: (need) => skipReason(harness, need),
    dispose: () => adapters.dispose(),
  };
}

function skipReason(
  { broker, publishExternal, failWrites }: BrokerHarness,
  need: BrokerNeed,
): string | undefined {
  switch (need) {
    case 'durable':
      return broker.capabilities.durability === 'memory' ? 'durability is memory' : undefined;
    case 'shared':
      return broker.capabilities.shared ? undefined : 'shared is false';
    case 'bounded':
      return broker.status().capacityBytes === undefined ? 'the broker declares no capacityBytes' : undefined;
    case 'external':
      return publishExternal === undefined ? 'the harness has no publishExternal' : undefined;
    case 'publishEncoded':
      return broker.publishEncoded === undefined ? 'the broker has no publishEncoded' : undefined;
    case 'failWrites':
      return failWrites === undefined ? 'the harness has no failWrites' : undefined;
  }
}
