import { readdirSync } from 'node:fs';
import { createTestContext } from '@vigilant/conformance';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqliteBroker } from '../../src/index';
import { FIXTURE_EVENTS } from '../fixtures/events';
import { createFolder } from '../support/folder';

async function openBroker(path: string) {
  const broker = createSqliteBroker(path);
  await broker.open(createTestContext());
  return broker;
}

function temporaryFolder() {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder;
}

describe('SqliteBroker.open', () => {
  it('rejects and leaves no lock file if the owner cannot be registered', async () => {
    const folder = temporaryFolder();
    const path = folder.file('journal.db');
    await (await openBroker(path)).close();
    const database = new Database(path);
    database.exec("CREATE TRIGGER full BEFORE INSERT ON owner BEGIN SELECT RAISE(ABORT, 'no owner'); END");
    database.close();
    await expect(openBroker(path)).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_UNAVAILABLE',
      message: expect.stringContaining('no owner') as string,
    });
    expect(readdirSync(folder.path).filter((name) => name.includes('-owner-'))).toEqual([]);
  });
});

describe('SqliteBroker.consume', () => {
  it('keeps an acknowledged batch for the watches of one other process', async () => {
    const path = temporaryFolder().file('journal.db');
    const brokers = [await openBroker(path), await openBroker(path)] as const;
    const database = new Database(path);
    database.exec(`CREATE TABLE kept (number INTEGER);
      CREATE TRIGGER keep AFTER UPDATE OF acked_at ON batch BEGIN INSERT INTO kept VALUES (new.number); END`);
    await brokers[0].publish(FIXTURE_EVENTS);
    for await (const { ack } of brokers[0].consume({ signal: new AbortController().signal })) {
      await ack();
      break;
    }
    expect(database.prepare('SELECT number FROM kept').pluck().all()).toEqual([1]);
    database.close();
    for (const broker of brokers) await broker.close();
  });
});

describe('SqliteBroker.publish', () => {
  it('rejects after the journal was locked for twenty seconds', async () => {
    const path = temporaryFolder().file('journal.db');
    const broker = await openBroker(path);
    const database = new Database(path);
    database.exec('BEGIN IMMEDIATE');
    const started = performance.now();
    await expect(broker.publish(FIXTURE_EVENTS)).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_UNAVAILABLE',
      message: expect.stringContaining('SQLITE_BUSY') as string,
    });
    expect(performance.now() - started).toBeGreaterThan(19_000);
    database.exec('ROLLBACK');
    database.close();
    await broker.close();
  }, 90_000);
});
