import { expect, it, onTestFinished } from 'vitest';
import { WriteAheadLog } from '../../src/sqlite/write-ahead-log';
import { createFolder } from '../support/folder';
import { connectStoreDatabase } from '../support/store';

it('has no frames while SQLite cannot count them', () => {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  const path = folder.file('events.db');
  const connection = connectStoreDatabase(path);
  // Without a log, as when another process opens it at this moment, SQLite counts -1 frames.
  connection.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE');
  const log = new WriteAheadLog(connection, path);
  const end = log.end();
  expect(end).toMatchObject({ frames: 0 });
  expect(log.isShort()).toBe(false);
  expect(log.completeEnd(end)).toEqual(end);
});
