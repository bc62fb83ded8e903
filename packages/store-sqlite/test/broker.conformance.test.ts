import Database from 'better-sqlite3';
import { describe, it } from 'vitest';
import { runBrokerConformance } from '@vigilant/conformance';
import { createSqliteBroker } from '../src/index';
import { createFolder } from './support/folder';

/** Longer than a statement waits for a lock, and longer than the interval of checks for dead processes. */
const FAILING_MS = 7_000;

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
      return {
        broker: create(),
        another: create,
        async failWrites() {
          const database = new Database(folder.file('journal.db'));
          database.exec('BEGIN IMMEDIATE');
          await new Promise((resolve) => setTimeout(resolve, FAILING_MS));
          database.close();
        },
        dispose: () => folder.remove(),
      };
    },
  },
);
