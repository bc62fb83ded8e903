import { renameSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, it } from 'vitest';
import type { StoreFaults, TestRunner } from '@vigilant/conformance';
import { runStoreConformance } from '@vigilant/conformance';
import { createStore } from '../src/host/sqlite-store';
import { resolveStoreOptions } from '../src/host/store-options';
import { createSqliteStore } from '../src/index';
import type { BlockLimits } from '../src/store/store-protocol';
import { createFolder } from './support/folder';

/** Moves a database away, or locks it. */
function createFileFaults(path: string): StoreFaults {
  let restore = (): void => {};
  return {
    fail() {
      renameSync(path, `${path}.away`);
      restore = () => renameSync(`${path}.away`, path);
    },
    stall() {
      const database = new Database(path);
      database.exec('BEGIN IMMEDIATE');
      restore = () => database.close();
    },
    restore: () => restore(),
  };
}

/** Limits with which almost all events of the suite become blocks, directly or later. */
const SMALL: BlockLimits = {
  directEvents: 3,
  maxRows: 4,
  maxRowBytes: 1_000_000,
  blockEvents: 40,
  blockBytes: 100_000,
};

/** Cases whose outcome does not depend on how events are stored. */
const WITHOUT_EVENTS = /^store\/(documents|status|abandon|fault)\//;

/** Registers only the cases that store events. */
const EVENT_RUNNER: TestRunner = {
  describe,
  it(title, body, timeoutMs) {
    if (!WITHOUT_EVENTS.test(title)) it(title, body, timeoutMs);
  },
};

/** Number of random examples per property. */
const RUNS = process.env['VIGILANT_LONG'] ? 1_000 : 250;

describe.each([
  { name: 'SQLite store', runner: { describe, it }, limits: undefined, runs: RUNS },
  { name: 'SQLite store of small blocks', runner: EVENT_RUNNER, limits: SMALL, runs: RUNS / 2 },
])('$name', ({ name, runner, limits, runs }) => {
  const options = resolveStoreOptions({});
  runStoreConformance(runner, {
    runs,
    name,
    create: async () => {
      const folder = createFolder();
      const path = folder.file('events.db');
      return {
        store: createStore(path, options, limits),
        another: () => createStore(path, options, limits),
        readOnly: () => createSqliteStore(path, { readOnly: true }),
        rawRows: () => countStored(path),
        faults: createFileFaults(path),
        dispose: () => folder.remove(),
      };
    },
  });
});

function countStored(path: string): number {
  const database = new Database(path, { readonly: true });
  const count = database
    .prepare('SELECT (SELECT count(*) FROM event) + (SELECT total(count) FROM block)')
    .pluck()
    .get();
  database.close();
  return Number(count);
}
