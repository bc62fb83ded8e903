import { createMemoryBroker, createMemoryStore } from '@vigilant/core';
import { describe, it } from 'vitest';
import { runBrokerConformance, runStoreConformance } from '../src/index';

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
