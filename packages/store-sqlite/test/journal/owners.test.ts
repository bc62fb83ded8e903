import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Owners } from '../../src/journal/owners';
import { createTestJournal, publish } from '../support/journal';
import type { TestJournal } from '../support/journal';

/** A process that has registered, published batches of one event, and died. */
function died({ driver, path, connect }: TestJournal, batches: number): number {
  const connection = connect();
  const owners = new Owners(driver, path);
  const owner = owners.register(connection);
  for (let number = 1; number <= batches; number += 1) publish(connection, owner, number);
  owners.abandon();
  return owner;
}

function open() {
  const journal = createTestJournal();
  // It never waits for a lock.
  const impatient: TestJournal['driver'] = {
    ...journal.driver,
    open: (path) => journal.driver.open(path, 0),
  };
  const other = journal.connect();
  const connection = impatient.open(journal.path, 0);
  const owners = new Owners(journal.driver, journal.path);
  return { journal, other, connection, owners };
}

describe('Owners', () => {
  it('returns the batches of a dead process although another owner cannot be removed', () => {
    const { journal, other, connection, owners } = open();
    owners.register(connection);
    const rich = died(journal, 3);
    died(journal, 0);
    other.exec('BEGIN IMMEDIATE');
    const { orphaned, failure } = owners.takeOver(connection);
    expect(orphaned).toMatchObject([{ owner: rich, events: 3, last: 3 }]);
    expect(failure).toMatchObject({ code: 'SQLITE_BUSY' });
    owners.reported(orphaned);
    other.exec('ROLLBACK');
    expect(owners.takeOver(connection)).toEqual({ orphaned: [] });
    expect(owners.others(connection)).toEqual([rich]);
    owners.abandon();
    connection.close();
  });

  it('checks the lock of a process with batches at each call, and that of an idle one at every thirtieth', () => {
    const { journal, connection } = open();
    const idle = new Owners(journal.driver, journal.path);
    idle.register(journal.connect());
    const busy = new Owners(journal.driver, journal.path);
    publish(journal.connect(), busy.register(journal.connect()), 1);
    let opened = 0;
    const counting: TestJournal['driver'] = {
      ...journal.driver,
      open: (path, timeoutMs) => (opened++, journal.driver.open(path, timeoutMs)),
    };
    const owners = new Owners(counting, journal.path);
    const counts = Array.from({ length: 31 }, () => {
      opened = 0;
      owners.takeOver(connection);
      return opened;
    });
    expect(counts).toEqual([2, ...Array.from({ length: 29 }, () => 1), 2]);
    for (const each of [owners, busy, idle]) each.abandon();
    connection.close();
  });

  it('releases its locks without a write when it is abandoned', () => {
    const { journal, other, connection, owners } = open();
    const owner = owners.register(connection);
    publish(connection, owner, 1);
    other.exec('BEGIN IMMEDIATE');
    owners.abandon();
    other.exec('ROLLBACK');
    const next = new Owners(journal.driver, journal.path);
    expect(next.takeOver(other).orphaned).toMatchObject([{ owner, events: 1 }]);
    next.abandon();
    connection.close();
  });

  it('returns the same result again until it is reported', () => {
    const { journal, connection, owners } = open();
    const owner = died(journal, 1);
    expect(owners.takeOver(connection).orphaned).toMatchObject([{ owner }]);
    const { orphaned } = owners.takeOver(connection);
    expect(orphaned).toMatchObject([{ owner }]);
    owners.reported(orphaned);
    expect(owners.takeOver(connection).orphaned).toEqual([]);
    owners.abandon();
    connection.close();
  });

  it('removes an owner later if the first attempt failed', () => {
    const { journal, other, connection, owners } = open();
    const owner = died(journal, 1);
    owners.reported(owners.takeOver(connection).orphaned);
    other.exec('DELETE FROM batch');
    other.exec('BEGIN IMMEDIATE');
    expect(() => owners.settle(connection, owner)).toThrow(/locked/);
    other.exec('ROLLBACK');
    owners.takeOver(connection);
    expect(owners.others(connection)).toEqual([]);
    connection.close();
  });

  it('takes over again from an owner that published more afterwards', () => {
    const { journal, other, connection, owners } = open();
    const owner = died(journal, 1);
    owners.reported(owners.takeOver(connection).orphaned);
    publish(other, owner, 2);
    other.exec('DELETE FROM batch WHERE number = 1');
    owners.settle(connection, owner);
    expect(owners.takeOver(connection).orphaned).toMatchObject([{ owner, events: 1, last: 2 }]);
    owners.abandon();
    connection.close();
  });

  it('leaves no lock file behind if another program has locked it', () => {
    const { journal, connection } = open();
    const busy = (): never => {
      throw Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' });
    };
    const driver: TestJournal['driver'] = {
      ...journal.driver,
      open: (path) => ({ ...journal.driver.open(path, 0), exec: busy }),
    };
    const owners = new Owners(driver, journal.path);
    expect(() => owners.register(connection)).toThrow(/new lock file .*-owner-\w+ is already locked/);
    expect(lockFilesOf(journal.path)).toEqual([]);
    connection.close();
  });

  it('leaves no lock file behind if its row cannot be written', () => {
    const { journal, other, connection, owners } = open();
    other.exec('BEGIN IMMEDIATE');
    expect(() => owners.register(connection)).toThrow(/locked/);
    expect(lockFilesOf(journal.path)).toEqual([]);
    other.exec('ROLLBACK');
    connection.close();
  });

  it.each([
    ['row', ({ other }: ReturnType<typeof open>) => other.exec('DELETE FROM owner')],
    ['lock file', ({ journal }: ReturnType<typeof open>) => deleteLockFiles(journal.path)],
  ])('detects that its own %s was deleted', (_, remove) => {
    const opened = open();
    const { connection, owners } = opened;
    owners.register(connection);
    expect(owners.isOwnVisible(connection)).toBe(true);
    remove(opened);
    expect(owners.isOwnVisible(connection)).toBe(false);
    owners.abandon();
    connection.close();
  });
});

function lockFilesOf(path: string): readonly string[] {
  return readdirSync(dirname(path)).filter((name) => name.includes('-owner-'));
}

function deleteLockFiles(path: string): void {
  for (const name of lockFilesOf(path)) rmSync(join(dirname(path), name));
}
