import { createMemoryBroker, createMemoryStore } from '@vigilant/core';
import { describe, it } from 'vitest';
import { runBrokerConformance, runStoreConformance } from '../src/index';
import { persistentBrokerHarness } from './support/persistent-broker';
import { persistentStoreHarness } from './support/persistent-store';

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
  { name: 'persistent memory', create: async () => persistentStoreHarness() },
);

runBrokerConformance(
  { describe, it },
  { name: 'persistent memory', create: async (options) => persistentBrokerHarness(options) },
);
