import { openSync, writeSync, fdatasyncSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Rows per transaction of F1. */
export const F1_BATCH = 5_000;

/**
 * F1: the minimum work to make rows durable. One thread, a prepared statement, a unique id, an index on time, 5,000 rows
 * per transaction, WAL, and synchronous=FULL. The rows are prepared in memory.
 */
export function openRaw(file) {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(`
    CREATE TABLE event (
      sequence INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, timestamp INTEGER NOT NULL, received_at INTEGER NOT NULL,
      level INTEGER NOT NULL, severity INTEGER NOT NULL, message TEXT NOT NULL, origin TEXT NOT NULL, source TEXT NOT NULL,
      type TEXT NOT NULL, "group" TEXT NOT NULL, tags TEXT NOT NULL, data TEXT NOT NULL);
    CREATE INDEX event_time ON event (timestamp, sequence);`);
  const insert = database.prepare(
    'INSERT INTO event VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const write = database.transaction((rows) => {
    for (const row of rows) insert.run(...row);
  });
  return {
    insert: (rows) => write.immediate(rows),
    count: () => database.prepare('SELECT count(*) AS count FROM event').get().count,
    close() {
      database.pragma('wal_checkpoint(TRUNCATE)');
      database.close();
    },
  };
}

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'];

/** Returns the rows that F1 inserts. */
export function toRows(inputs) {
  return inputs.map((input) => [toIdBytes(input.id), ...toColumns(input)]);
}

/** Returns the bytes of an id: 16 of a UUID, otherwise its text. */
function toIdBytes(id) {
  return id.includes('-') ? Buffer.from(id.replaceAll('-', ''), 'hex') : Buffer.from(id);
}

/** Returns the values of the columns from `timestamp` to `data`, which all floors share. */
export function toColumns(input) {
  return [
    input.timestamp * 1000,
    input.timestamp * 1000,
    LEVELS.indexOf(input.level),
    0,
    input.message,
    input.origin,
    input.source,
    input.type,
    input.group,
    JSON.stringify(input.tags),
    JSON.stringify(input.data),
  ];
}

/** F4: the file system. Writes and syncs one chunk after another; returns the duration of each in milliseconds. */
export function syncLatencies(folder, chunks) {
  const file = openSync(join(folder, 'floor.bin'), 'w');
  const latencies = chunks.map((chunk) => {
    const started = performance.now();
    writeSync(file, chunk);
    fdatasyncSync(file);
    return performance.now() - started;
  });
  closeSync(file);
  return latencies;
}
