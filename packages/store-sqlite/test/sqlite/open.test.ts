import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBetterSqlite3Driver } from '../../src/sqlite/better-sqlite3-driver';
import type { Driver } from '../../src/sqlite/driver';
import { STORE_KIND } from '../../src/store/store-schema';
import { openDatabase } from '../../src/sqlite/open';
import { createFolder } from '../support/folder';

describe('openDatabase', () => {
  it('accepts a new file while another process creates its schema', () => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    const path = folder.file('events.db');
    const driver = createBetterSqlite3Driver(Database);
    /** Creates the schema on another connection before the application id is read; rejected while a snapshot is open. */
    const createSchema = (): void => {
      const other = new Database(path, { timeout: 0 });
      try {
        other.exec(`BEGIN IMMEDIATE; ${STORE_KIND.migrations.join('')}; PRAGMA user_version = ${STORE_KIND.migrations.length};
          PRAGMA application_id = ${STORE_KIND.applicationId}; COMMIT`);
      } catch (error) {
        expect(error).toMatchObject({ code: 'SQLITE_BUSY' });
      } finally {
        other.close();
      }
    };
    let isCreated = false;
    const racing: Driver = {
      ...driver,
      open(...parameters) {
        const connection = driver.open(...parameters);
        const prepare: typeof connection.prepare = (sql) => {
          if (sql.includes('sqlite_schema') && !isCreated) {
            isCreated = true;
            createSchema();
          }
          return connection.prepare(sql);
        };
        return { ...connection, prepare };
      },
    };
    const connection = openDatabase(racing, path, STORE_KIND, 'writer');
    expect(isCreated).toBe(true);
    expect(connection.prepare('SELECT events FROM store').get()).toEqual([0]);
    connection.close();
  });
});
