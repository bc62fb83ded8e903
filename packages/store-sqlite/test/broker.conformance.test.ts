import { describe, it } from 'vitest';
import { runBrokerConformance } from '@vigilant/conformance';
import { createSqliteBroker } from '../src/index';
import { createFolder } from './support/folder';

runBrokerConformance(
  { describe, it },
  {
    name: 'SQLite broker',
    create: async ({ capacityBytes }) => {
      const folder = createFolder();
      const create = () =>
        createSqliteBroker(
          folder.file('journal.db'),
          capacityBytes === undefined ? {} : { maxBytes: capacityBytes },
        );
      return { broker: create(), another: create, dispose: () => folder.remove() };
    },
  },
);
