import { createMemoryBroker, createMemoryStore } from '@vigilant/core';
import { describe, it } from 'vitest';
import { runBrokerConformance, runStoreConformance } from '../src/index';
import { lastingBrokerHarness } from './support/lasting-broker';
import { lastingStoreHarness } from './support/lasting-store';

runStoreConformance(
  { describe, it },
  { name: 'memory', create: async () => ({ store: createMemoryStore(), dispose() {} }) },
);

runBrokerConformance(
  { describe, it },
  {
    name: 'memory',
    create: async ({ capacityBytes }) => ({
      broker: createMemoryBroker(capacityBytes === undefined ? {} : { maxBytes: capacityBytes }),
      dispose() {},
    }),
  },
);

// Memory that outlives its adapters: the cases about durable and shared adapters apply as well.
runStoreConformance({ describe, it }, { name: 'lasting memory', create: async () => lastingStoreHarness() });

runBrokerConformance(
  { describe, it },
  { name: 'lasting memory', create: async (options) => lastingBrokerHarness(options) },
);
