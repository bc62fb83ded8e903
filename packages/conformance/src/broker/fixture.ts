import type { Broker } from '@vigilant/core';
import type { TestContext } from '../context';
import { createTestContext } from '../context';
import type { Case, CaseFixture } from '../suite';
import { within } from '../waiting';
import type { Consumer } from './consumer';
import { createConsumer } from './consumer';
import type { BrokerHarness, BrokerHarnessOptions } from './harness';

/** An optional feature that a case requires. */
export type BrokerNeed = 'durable' | 'shared' | 'bounded' | 'external' | 'failWrites';

/** One promise of `Broker`. */
export type BrokerCase = Case<BrokerFixture, BrokerNeed>;

/** How much the brokers under test should hold, in bytes, where they can be told. */
export const CAPACITY_BYTES = 4 * 1024 * 1024;

/** What a case of the broker suite works with. */
export interface BrokerFixture extends CaseFixture<BrokerNeed> {
  /** Open, and empty. */
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
  /** Makes a broker that was not opened, on data of its own. */
  unopened(): Promise<Broker>;
  /** Opens a broker and closes it in the end. */
  open(broker: Broker): Promise<Broker>;
  /** Starts to consume. */
  consume(broker: Broker, options?: { readonly maxBytes?: number }): Consumer;
  /** Waits for what must happen, and fails when it does not in time. */
  within<T>(what: string, promise: Promise<T>): Promise<T>;
}

/** What the fixtures of a suite have in common. */
export interface BrokerSuiteSettings {
  readonly create: (options: BrokerHarnessOptions) => Promise<BrokerHarness>;
  readonly patienceMs: number;
}

/** Creates a fixture with an open broker. */
export async function createBrokerFixture({
  create,
  patienceMs,
}: BrokerSuiteSettings): Promise<BrokerFixture> {
  const harnesses: BrokerHarness[] = [];
  const opened: Broker[] = [];
  const context = createTestContext();

  const unopened = async (): Promise<BrokerHarness> => {
    const harness = await create({ capacityBytes: CAPACITY_BYTES });
    harnesses.push(harness);
    return harness;
  };
  const open = async (broker: Broker, given = context): Promise<Broker> => {
    opened.push(broker);
    await within(patienceMs, 'open', broker.open(given));
    return broker;
  };
  const dispose = async (): Promise<void> => {
    try {
      for (const broker of opened) await within(patienceMs, 'close', broker.close());
    } finally {
      for (const harness of harnesses) await harness.dispose();
    }
  };

  const harness = await unopened();
  const another = async (given = context): Promise<Broker> => {
    if (harness.another === undefined)
      throw new TypeError('The broker declares that its data outlives it: the harness needs another().');
    return open(await harness.another(), given);
  };
  const fixture: BrokerFixture = {
    broker: harness.broker,
    harness,
    context,
    patienceMs,
    async reopen() {
      await within(patienceMs, 'close', harness.broker.close());
      return another();
    },
    peer: () => another(),
    another,
    unopened: async () => (await unopened()).broker,
    open: (broker) => open(broker),
    consume: (broker, options = {}) => createConsumer(broker, { ...options, patienceMs }),
    within: (what, promise) => within(patienceMs, what, promise),
    lacks: (need) => lacks(harness, need),
    dispose,
  };
  try {
    await open(harness.broker);
  } catch (error) {
    await harness.dispose();
    throw error;
  }
  return fixture;
}

function lacks({ broker, publishExternal, failWrites }: BrokerHarness, need: BrokerNeed): string | undefined {
  switch (need) {
    case 'durable':
      return broker.capabilities.durability === 'memory' ? 'durability is memory' : undefined;
    case 'shared':
      return broker.capabilities.shared ? undefined : 'shared is false';
    case 'bounded':
      return broker.status().capacityBytes === undefined ? 'the broker does not bound itself' : undefined;
    case 'external':
      return publishExternal === undefined ? 'the harness has no publishExternal' : undefined;
    case 'failWrites':
      return failWrites === undefined ? 'the harness has no failWrites' : undefined;
  }
}
