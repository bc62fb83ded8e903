import Database from 'better-sqlite3';

/** Runs work while a database is locked. Writers that began before or meanwhile continue afterwards. */
export async function whileLocked(path: string, work: () => Promise<void>): Promise<void> {
  const database = new Database(path);
  try {
    database.exec('BEGIN IMMEDIATE');
    await work();
    database.exec('ROLLBACK');
  } finally {
    database.close();
  }
}
