import { encodeAll } from '@vigilant/core/adapter';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { packBatches } from '../../src/broker/pack-batches';
import { createBetterSqlite3Driver } from '../../src/sqlite/better-sqlite3-driver';
import type { SqliteConnection, Driver } from '../../src/sqlite/driver';
import { JOURNAL_KIND } from '../../src/journal/journal-schema';
import { commit } from '../../src/journal/commit';
import { openDatabase } from '../../src/sqlite/open';
import { FIXTURE_EVENTS } from '../fixtures/events';
import { createFolder } from './folder';

/** A journal that this thread reads and writes. */
export interface TestJournal {
  readonly driver: Driver;
  readonly path: string;
  /** Opens another connection, as another process would. */
  connect(): SqliteConnection;
}

export function createTestJournal(): TestJournal {
  const folder = createFolder();
  const driver = createBetterSqlite3Driver(Database);
  const path = folder.file('journal.db');
  const connections: SqliteConnection[] = [];
  onTestFinished(() => {
    for (const connection of connections) connection.close();
    folder.remove();
  });
  return {
    driver,
    path,
    connect() {
      const connection = openDatabase(driver, path, JOURNAL_KIND, 'writer');
      connections.push(connection);
      return connection;
    },
  };
}

/** Adds an owner without a lock. */
export function addOwner(connection: SqliteConnection, name: string): number {
  return Number(connection.prepare('INSERT INTO owner (lock) VALUES (?) RETURNING id').get(name)?.[0]);
}

/** Writes a batch of one event. */
export function publish(connection: SqliteConnection, owner: number, number: number): void {
  const packed = packBatches([{ number, events: encodeAll(FIXTURE_EVENTS.slice(0, 1)) }]);
  commit(connection, { ...packed, acks: [], sentAs: [] }, contextOf(owner));
}

/** Acknowledges a batch while other processes have the journal open. */
export function acknowledge(connection: SqliteConnection, owner: number, number: number): void {
  const acks = [{ owner, from: number, to: number }];
  commit(connection, { ...packBatches([]), acks, sentAs: [] }, contextOf(owner));
}

function contextOf(owner: number) {
  return { owner, capacityBytes: 1024 * 1024, hasPeers: () => true };
}
