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

// With memory that survives its adapters, the cases of durable and shared adapters apply too.
runStoreConformance(
  { describe, it },
  { name: 'persistent memory', create: async () => lastingStoreHarness() },
);

runBrokerConformance(
  { describe, it },
  { name: 'persistent memory', create: async (options) => lastingBrokerHarness(options) },
);
