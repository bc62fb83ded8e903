import { renameSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, it } from 'vitest';
import type { StoreFaults } from '@vigilant/conformance';
import { runStoreConformance } from '@vigilant/conformance';
import { createSqliteStore } from '../src/index';
import { createFolder } from './support/folder';

/** Moves a database away, or locks it. */
function createFileFaults(path: string): StoreFaults {
  let restore = (): void => {};
  return {
    fail() {
      renameSync(path, `${path}.away`);
      restore = () => renameSync(`${path}.away`, path);
    },
    stall() {
      const database = new Database(path);
      database.exec('BEGIN IMMEDIATE');
      restore = () => database.close();
    },
    restore: () => restore(),
  };
}

runStoreConformance(
  { describe, it },
  {
    name: 'SQLite store',
    create: async () => {
      const folder = createFolder();
      const path = folder.file('events.db');
      return {
        store: createSqliteStore(path),
        another: () => createSqliteStore(path),
        readOnly: () => createSqliteStore(path, { readOnly: true }),
        rawRows() {
          const database = new Database(path, { readonly: true });
          const { count } = database.prepare('SELECT count(*) AS count FROM events').get() as {
            count: number;
          };
          database.close();
          return count;
        },
        faults: createFileFaults(path),
        dispose: () => folder.remove(),
      };
    },
  },
);
