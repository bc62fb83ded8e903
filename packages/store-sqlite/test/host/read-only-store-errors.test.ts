import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestContext } from '@vigilant/conformance';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createSqliteBroker } from '../../src/index';
import { stateOf } from '../support/file-state';
import { FIXTURES, openReadOnly, setUp } from '../support/read-only';

describe('createSqliteStore() with readOnly', () => {
  describe.each<[string, (path: string) => void | Promise<void>, string, string]>([
    ['a missing file', (path) => rmSync(path), 'VIGILANT_STORE_UNAVAILABLE', 'Check the path'],
    [
      'a folder',
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
      'VIGILANT_STORE_UNAVAILABLE',
      'Pass the path of an events.db',
    ],
    ['an empty file', (path) => writeFileSync(path, ''), 'VIGILANT_SCHEMA_UNSUPPORTED', 'is not a SQLite'],
    [
      'a file of another kind',
      (path) => writeFileSync(path, 'x'.repeat(5_000)),
      'VIGILANT_SCHEMA_UNSUPPORTED',
      'is not a SQLite database. Pass the path of an events.db',
    ],
    [
      'a database of another application',
      (path) => {
        rmSync(path);
        new Database(path).exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x)').close();
      },
      'VIGILANT_SCHEMA_UNSUPPORTED',
      'is not a database of Vigilant events',
    ],
    [
      'a journal',
      async (path) => {
        rmSync(path);
        const broker = createSqliteBroker(path);
        await broker.open(createTestContext());
        await broker.close();
      },
      'VIGILANT_SCHEMA_UNSUPPORTED',
      'Pass the path of an events.db',
    ],
    [
      'a schema that is too old',
      (path) => cpSync(join(FIXTURES, 'v1', 'events.db'), path),
      'VIGILANT_SCHEMA_UNSUPPORTED',
      'has schema 1, and a read-only store does not migrate it to schema 4. Open it for writing once',
    ],
    [
      'a schema that is too new',
      (path) => new Database(path).exec('PRAGMA user_version = 99').close(),
      'VIGILANT_SCHEMA_UNSUPPORTED',
      'Update this program',
    ],
  ])('%s', (_name, prepare, code, remedy) => {
    it('is rejected with the remedy and not changed', async () => {
      const { folder, path, copies } = setUp();
      await prepare(path);
      const before = stateOf(folder.path);
      await expect(openReadOnly(path)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(remedy) as string,
      });
      expect(stateOf(folder.path)).toEqual(before);
      expect(readdirSync(copies)).toEqual([]);
    });
  });
});
