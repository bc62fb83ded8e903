import { encodeEvent } from '@vigilant/core/adapter';
import type { Event } from '@vigilant/core';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { createBetterSqlite3Driver } from '../../src/sqlite/better-sqlite3-driver';
import type { SqliteConnection } from '../../src/sqlite/driver';
import { openDatabase } from '../../src/sqlite/open';
import { append } from '../../src/store/append';
import type { BlockLimits } from '../../src/blocks/block-limits';
import { BLOCK_LIMITS } from '../../src/blocks/block-limits';
import { STORE_KIND } from '../../src/store/store-schema';
import { packBytes } from '../../src/thread/packing';
import { createFolder } from './folder';

/** Limits with which every event stays a row. */
const ROWS: BlockLimits = { ...BLOCK_LIMITS, directEvents: Infinity };

/** Opens the database of a store in this thread, with these events as rows, or as blocks according to some limits. */
export function openStoreDatabase(events: readonly Event[], limits = ROWS): SqliteConnection {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  const connection = connectStoreDatabase(folder.file('events.db'));
  append(connection, packBytes(events.map(encodeEvent)), limits);
  return connection;
}

/** Opens the database of a store in this thread until the test has finished. */
export function connectStoreDatabase(path: string): SqliteConnection {
  const driver = createBetterSqlite3Driver(Database);
  const connection = openDatabase(driver, path, STORE_KIND, 'writer');
  onTestFinished(() => connection.close());
  return connection;
}

/** Counts the turns of the event loop while work runs. */
export async function countTurns(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isDone = true;
  return turns;
}
