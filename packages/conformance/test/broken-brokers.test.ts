import { describe, expect, it } from 'vitest';
import { brokerCases } from '../src/broker/cases';
import { createBrokerFixture } from '../src/broker/fixture';
import type { BrokerHarnessOptions } from '../src/index';
import { BROKERS_THAT_ARE_ABANDONED } from './broken/brokers-that-are-abandoned';
import { BROKERS_THAT_LOSE } from './broken/brokers-that-lose';
import { BROKERS_THAT_MISBEHAVE } from './broken/brokers-that-misbehave';
import { casesFor, failuresOf, PATIENCE_MS } from './support/failures';
import { persistentBrokerHarness } from './support/persistent-broker';
import { wrapBroker } from './support/wrap';

/** Long enough for a busy machine. */
const TIMEOUT_MS = 120_000;

describe('the broker suite', () => {
  for (const [index, { name, change, fails }] of [
    ...BROKERS_THAT_LOSE,
    ...BROKERS_THAT_MISBEHAVE,
    ...BROKERS_THAT_ARE_ABANDONED,
  ].entries()) {
    it(
      `fails exactly the expected cases for a broker that ${name}`,
      async () => {
        const create = async (options: BrokerHarnessOptions) => {
          const ids = new Set<string>();
          return persistentBrokerHarness(options, (broker) => wrapBroker(broker, change(broker, ids)));
        };
        const settings = { create, patienceMs: PATIENCE_MS };
        const cases = casesFor(brokerCases, index, fails);
        expect(await failuresOf(cases, () => createBrokerFixture(settings), 10)).toEqual(fails);
      },
      TIMEOUT_MS,
    );
  }
});
