// Writes, deletes, vacuums and checkpoints a database in random order, until it is killed. Argument: the path of the database.
import Database from 'better-sqlite3';

const STATEMENTS = [
  'INSERT INTO t VALUES (zeroblob(30000))',
  'INSERT INTO t VALUES (1)',
  'DELETE FROM t WHERE rowid % 3 = 0',
  'DELETE FROM t',
  'PRAGMA incremental_vacuum(50)',
  'VACUUM',
  'PRAGMA wal_checkpoint(PASSIVE)',
  'PRAGMA wal_checkpoint(RESTART)',
  'PRAGMA wal_checkpoint(TRUNCATE)',
];

const database = new Database(process.argv[2] ?? '', { timeout: 10_000 });
database.pragma('wal_autocheckpoint = 20');
for (;;) {
  try {
    database.exec(STATEMENTS[Math.floor(Math.random() * STATEMENTS.length)] as string);
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
  }
}
