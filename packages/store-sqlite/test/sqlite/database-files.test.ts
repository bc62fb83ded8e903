import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBetterSqlite3Driver } from '../../src/sqlite/better-sqlite3-driver';
import type { SqliteConnection } from '../../src/sqlite/driver';
import { DatabaseFiles } from '../../src/sqlite/database-files';
import { createFolder } from '../support/folder';

const LIBRARY = createRequire(import.meta.url).resolve('better-sqlite3');

function openDatabase(): { readonly path: string; readonly connection: SqliteConnection } {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  const path = folder.file('x.db');
  const connection = createBetterSqlite3Driver(Database).open(path, 1_000);
  connection.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x)');
  return { path, connection };
}

/** Releases the locks of SQLite in this process, then closes the database in another process, which deletes its log. */
function loseLog(path: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) closeSync(openSync(file, 'r'));
  const program = `const database = new (require(process.argv[1]))(process.argv[2]);
    database.exec('SELECT * FROM t');
    database.close()`;
  execFileSync(process.execPath, ['-e', program, LIBRARY, path]);
}

/** Writes a row in another process, which is killed before it closes the database. */
function writeAndDie(path: string): void {
  const program = `const database = new (require(process.argv[1]))(process.argv[2]);
    database.exec('INSERT INTO t VALUES (1)');
    process.kill(process.pid, 'SIGKILL')`;
  spawnSync(process.execPath, ['-e', program, LIBRARY, path]);
}

describe('DatabaseFiles', () => {
  it('accepts the files that are open', () => {
    const { path, connection } = openDatabase();
    const files = new DatabaseFiles(connection, path);
    connection.exec('INSERT INTO t VALUES (1); PRAGMA wal_checkpoint(TRUNCATE)');
    files.check();
    expect(new DatabaseFiles(connection, path, files.database).database).toBe(files.database);
    connection.close();
  });

  it('reports a deleted database', () => {
    const { path, connection } = openDatabase();
    const files = new DatabaseFiles(connection, path);
    rmSync(path);
    expect(() => files.check()).toThrow(/x\.db was moved or deleted while it was open\. Put the file back/);
    connection.close();
  });

  it('accepts a database that is put back', () => {
    const { path, connection } = openDatabase();
    const files = new DatabaseFiles(connection, path);
    renameSync(path, `${path}.away`);
    expect(() => files.check()).toThrow(expect.objectContaining({ subject: 'database' }));
    renameSync(`${path}.away`, path);
    files.check();
    connection.close();
  });

  it('reports a replaced database', () => {
    const { path, connection } = openDatabase();
    const files = new DatabaseFiles(connection, path);
    rmSync(path);
    writeFileSync(path, '');
    expect(() => files.check()).toThrow(/x\.db was replaced by another file/);
    expect(() => new DatabaseFiles(connection, path, files.database)).toThrow(
      /x\.db was replaced by another file/,
    );
    connection.close();
  });

  it('reports a -wal that another process deleted', () => {
    const { path, connection } = openDatabase();
    const files = new DatabaseFiles(connection, path);
    loseLog(path);
    expect(() => files.check()).toThrow(expect.objectContaining({ subject: 'log' }));
    connection.close();
  });

  it('reports a -wal that was truncated', () => {
    const { path, connection } = openDatabase();
    const files = new DatabaseFiles(connection, path);
    connection.exec('INSERT INTO t VALUES (1)');
    const { size } = statSync(`${path}-wal`);
    files.check();
    truncateSync(`${path}-wal`, size - 1);
    expect(() => files.check()).toThrow(/x\.db-wal was truncated while it was open/);
    files.close();
  });

  it.each([
    ['to nothing', () => 0],
    ['within its header', () => 20],
    ['by half', (size: number) => size / 2],
    ['within the last page', (size: number) => size - 1],
  ])('reports a -wal that was truncated %s between a check and a commit', (_, lengthOf) => {
    const { path, connection } = openDatabase();
    const files = new DatabaseFiles(connection, path);
    connection.exec(`INSERT INTO t VALUES ('${'x'.repeat(20_000)}')`);
    files.checkWritten();
    files.check();
    truncateSync(`${path}-wal`, lengthOf(statSync(`${path}-wal`).size));
    connection.exec('INSERT INTO t VALUES (2)');
    expect(() => files.checkWritten()).toThrow(expect.objectContaining({ subject: 'truncated' }));
    expect(() => files.check()).toThrow(expect.objectContaining({ subject: 'truncated' }));
    files.close();
    const again = new Database(path);
    expect(again.pragma('integrity_check', { simple: true })).toBe('ok');
    again.close();
  });

  it('reports a -wal that was truncated during a commit', () => {
    const { path, connection } = openDatabase();
    const files = new DatabaseFiles(connection, path);
    const { size } = statSync(`${path}-wal`);
    connection.exec(`INSERT INTO t VALUES ('${'x'.repeat(20_000)}')`);
    truncateSync(`${path}-wal`, size);
    connection.exec('INSERT INTO t VALUES (2)');
    expect(() => files.checkWritten()).toThrow(expect.objectContaining({ subject: 'truncated' }));
    files.close();
  });

  it('accepts commits of all connections, also when they restart the -wal', () => {
    const { path, connection } = openDatabase();
    const files = new DatabaseFiles(connection, path);
    const other = new Database(path);
    for (const checkpoint of ['NOOP', 'PASSIVE', 'RESTART', 'TRUNCATE']) {
      connection.exec('INSERT INTO t VALUES (1)');
      files.checkWritten();
      other.exec('INSERT INTO t VALUES (2)');
      other.pragma(`wal_checkpoint(${checkpoint})`);
      files.check();
      files.checkWritten();
      connection.exec('INSERT INTO t VALUES (3)');
      files.checkWritten();
    }
    other.close();
    files.close();
  });

  it.each([
    ['to nothing', () => 0],
    ['by one page', (size: number) => size - 4_096],
  ])('reports a database that was truncated %s', (_, lengthOf) => {
    const { path, connection } = openDatabase();
    connection.exec(`INSERT INTO t VALUES ('${'x'.repeat(20_000)}'); PRAGMA wal_checkpoint(PASSIVE)`);
    const files = new DatabaseFiles(connection, path);
    const { size } = statSync(path);
    truncateSync(path, lengthOf(size));
    const message = `x.db was truncated from ${size} to ${lengthOf(size)} bytes while it was open.`;
    expect(() => files.check()).toThrow(message);
    truncateSync(path, size);
    expect(() => files.check()).toThrow(message);
    files.close();
  });

  it('reports a database that was truncated to nothing after its -wal was emptied', () => {
    const { path, connection } = openDatabase();
    connection.exec(`INSERT INTO t VALUES ('a')`);
    const files = new DatabaseFiles(connection, path);
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    truncateSync(path, 0);
    expect(() => files.check()).toThrow('to 0 bytes while it was open.');
    files.close();
  });

  it('accepts a database that became smaller while its -wal was empty before and after', () => {
    const { path, connection } = openDatabase();
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const other = createBetterSqlite3Driver(Database).open(path, 1_000);
    other.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
    other.exec('INSERT INTO t VALUES (zeroblob(100000)); PRAGMA wal_checkpoint(TRUNCATE)');
    connection.prepare('SELECT count(*) FROM t').get();
    const files = new DatabaseFiles(connection, path);
    const size = statSync(path).size;
    other.exec('DELETE FROM t; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
    expect(statSync(path).size).toBeLessThan(size);
    files.check();
    truncateSync(path, 4_096);
    expect(() => files.check()).toThrow('x.db was truncated from');
    other.close();
    connection.close();
  });

  it('keeps the -wal of a truncated database when it closes a connection', () => {
    const { path, connection } = openDatabase();
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const files = new DatabaseFiles(connection, path);
    connection.exec('INSERT INTO t VALUES (1)');
    files.checkWritten();
    const log = readFileSync(`${path}-wal`);
    truncateSync(path, 0);
    files.close();
    expect(readFileSync(`${path}-wal`).equals(log)).toBe(true);
  });

  it.each(['PASSIVE', 'RESTART', 'TRUNCATE'])(
    'accepts a database that a vacuum and a checkpoint (%s) of another connection shortened',
    (checkpoint) => {
      const { path, connection } = openDatabase();
      connection.exec(`INSERT INTO t VALUES ('${'x'.repeat(200_000)}'); PRAGMA wal_checkpoint(PASSIVE)`);
      const files = new DatabaseFiles(connection, path);
      connection.exec('INSERT INTO t VALUES (1)');
      files.checkWritten();
      const { size } = statSync(path);
      const other = new Database(path);
      other.exec('DELETE FROM t; VACUUM');
      other.pragma(`wal_checkpoint(${checkpoint})`);
      other.exec('INSERT INTO t VALUES (2)');
      expect(statSync(path).size).toBeLessThan(size);
      files.check();
      files.checkWritten();
      other.close();
      files.close();
    },
  );

  it('keeps the complete transactions of a truncated -wal when it closes a connection', () => {
    const { path, connection } = openDatabase();
    const files = new DatabaseFiles(connection, path);
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO t VALUES (1)');
    const { size } = statSync(`${path}-wal`);
    connection.exec('CREATE TABLE u (x); INSERT INTO t VALUES (2)');
    truncateSync(`${path}-wal`, size + 5_000);
    files.close();
    const again = new Database(path);
    expect(again.prepare('SELECT x FROM t').pluck().all()).toEqual([1]);
    expect(again.pragma('integrity_check', { simple: true })).toBe('ok');
    again.close();
  });

  it('accepts a -wal that another connection emptied', () => {
    const { path, connection } = openDatabase();
    const files = new DatabaseFiles(connection, path);
    connection.exec('INSERT INTO t VALUES (1)');
    const other = new Database(path);
    other.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    files.check();
    other.exec('INSERT INTO t VALUES (2)');
    files.check();
    other.close();
    files.close();
  });

  it('reports a -wal that is missing when the database is opened', () => {
    const { path, connection } = openDatabase();
    rmSync(`${path}-wal`);
    expect(() => new DatabaseFiles(connection, path)).toThrow(expect.objectContaining({ subject: 'log' }));
  });

  it('keeps the commits of a killed process in a new -wal when it closes a connection', () => {
    const { path, connection } = openDatabase();
    const files = new DatabaseFiles(connection, path);
    loseLog(path);
    writeAndDie(path);
    expect(existsSync(`${path}-wal`)).toBe(true);
    files.close();
    const again = new Database(path);
    expect(again.prepare('SELECT count(*) FROM t').pluck().get()).toBe(1);
    again.close();
    expect(readdirSync(dirname(path))).toEqual(['x.db']);
  });

  it('allows SQLite to delete the -wal of the last connection', () => {
    const { path, connection } = openDatabase();
    new DatabaseFiles(connection, path).close();
    expect(readdirSync(dirname(path))).toEqual(['x.db']);
  });
});
