import Database from 'better-sqlite3';
import { describe, it } from 'vitest';
import { runStoreConformance } from '@vigilant/conformance';
import { createSqliteStore } from '../src/index';
import { createFolder } from './support/folder';

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
        dispose: () => folder.remove(),
      };
    },
  },
);
