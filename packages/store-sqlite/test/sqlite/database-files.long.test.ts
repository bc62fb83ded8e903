import { spawn } from 'node:child_process';
import { yieldToEventLoop } from '@vigilant/core/adapter';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../../scripts/lib/bundle.mjs';
import { createBetterSqlite3Driver } from '../../src/sqlite/better-sqlite3-driver';
import { DatabaseFiles } from '../../src/sqlite/database-files';
import { createFolder } from '../support/folder';

const ROUNDS = 10_000;

describe('DatabaseFiles', () => {
  it('accepts everything that SQLite itself does in other processes', async () => {
    const folder = createFolder();
    const path = folder.file('x.db');
    const connection = createBetterSqlite3Driver(Database).open(path, 30_000);
    connection.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; CREATE TABLE t (x)');
    const files = new DatabaseFiles(connection, path);
    const program = await bundleProgram('packages/store-sqlite/test/programs/churn.ts');
    const others = [1, 2].map(() => spawn(process.execPath, [program, path], { stdio: 'inherit' }));
    onTestFinished(() => {
      for (const other of others) other.kill('SIGKILL');
      folder.remove();
    });
    for (let round = 0; round < ROUNDS; round += 1) {
      files.check();
      connection.exec(round % 2 === 0 ? 'INSERT INTO t VALUES (1)' : 'DELETE FROM t WHERE rowid % 2 = 0');
      files.checkWritten();
      if (round % 100 === 0) await yieldToEventLoop();
    }
    expect(others.map(({ exitCode }) => exitCode)).toEqual([null, null]);
    files.close();
  }, 600_000);
});
