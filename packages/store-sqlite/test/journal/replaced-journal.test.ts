import { renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createTestContext } from '@vigilant/conformance';
import { createVigilant } from '@vigilant/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../../scripts/lib/bundle.mjs';
import { createSqliteBroker, sqlite } from '../../src/index';
import { FIXTURE_EVENTS } from '../fixtures/events';
import { createFolder } from '../support/folder';
import { whileLocked } from '../support/lock';
import { readInOtherProcess, runAndDie } from '../support/other-process';
import { startLogger } from '../support/program';
import { expectEachOnce, storedIds } from '../support/stored';

function temporaryFolder() {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder;
}

describe('SqliteBroker whose files are changed', () => {
  it('keeps accepted events when its application copies the files and another program deletes the -wal', async () => {
    const folder = temporaryFolder();
    const bundle = await bundleProgram('packages/store-sqlite/test/programs/copy-files.ts');
    const library = createRequire(import.meta.url).resolve('better-sqlite3');
    const program = startLogger(bundle, [folder.path, library]);
    await program.ended;
    expect(program.accepted).toHaveLength(200);
    expectEachOnce(await storedIds(folder.path), program.accepted);
  }, 60_000);

  it('opens its -wal again after it was deleted, and reports that', async () => {
    const folder = temporaryFolder();
    const context = createTestContext();
    const broker = createSqliteBroker(folder.file('journal.db'));
    const vigilant = createVigilant({
      ...sqlite(folder.path),
      broker,
      batch: { intervalMs: 600_000 },
      onDiagnostic: context.diagnostics,
    });
    await vigilant.log({ id: 'before', message: 'm' });
    rmSync(folder.file('journal.db-wal'));
    await vigilant.log({ id: 'after', message: 'm' });
    expect(context.reported.map(({ message }) => message).join()).toMatch(
      /-wal or -shm file of .*journal\.db was deleted or replaced while it was open/,
    );
    expect((await vigilant.query('')).events.map(({ id }) => id).sort()).toEqual(['after', 'before']);
    await vigilant.close();
  });

  it('keeps the events that are published after its -wal was truncated, and reports that', async () => {
    const folder = temporaryFolder();
    const path = folder.file('journal.db');
    const context = createTestContext();
    const broker = createSqliteBroker(path);
    await broker.open(context);
    await broker.publish(FIXTURE_EVENTS.slice(0, 1));
    truncateSync(`${path}-wal`, 0);
    await broker.publish(FIXTURE_EVENTS.slice(1));
    expect(readInOtherProcess(path, 'SELECT sum(events) FROM batch')).toBe(FIXTURE_EVENTS.length - 1);
    expect(context.reported[0]?.message).toMatch(/journal\.db-wal was truncated .* are lost/);
    await broker.close();
  });

  it('keeps the events of a publish during which its -wal was truncated', async () => {
    const folder = temporaryFolder();
    const path = folder.file('journal.db');
    const broker = createSqliteBroker(path);
    await broker.open(createTestContext());
    await broker.publish(FIXTURE_EVENTS.slice(0, 1));
    let published: Promise<void> | undefined;
    await whileLocked(path, async () => {
      published = broker.publish(FIXTURE_EVENTS.slice(1));
      // The thread checks the files, then waits for the lock. If it is slow, it finds the truncation in that check.
      await new Promise((resolve) => setTimeout(resolve, 300));
      truncateSync(`${path}-wal`, 0);
    });
    await published;
    expect(readInOtherProcess(path, 'SELECT sum(events) FROM batch')).toBe(FIXTURE_EVENTS.length - 1);
    await broker.close();
  });

  it('rejects events after its file was truncated, and delivers those in memory', async () => {
    const folder = temporaryFolder();
    const path = folder.file('journal.db');
    const vigilant = createVigilant({ ...sqlite(folder.path), batch: { intervalMs: 600_000 } });
    await vigilant.log({ id: 'before', message: 'm' });
    readInOtherProcess(path, 'PRAGMA wal_checkpoint(TRUNCATE)');
    await vigilant.log({ id: 'after', message: 'm' });
    truncateSync(path, 0);
    await expect(vigilant.log({ message: 'refused' })).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_UNAVAILABLE',
      message: expect.stringMatching(/journal\.db was truncated from \d+ to 0 bytes/) as string,
    });
    expect((await vigilant.query('')).events.map(({ id }) => id).sort()).toEqual(['after', 'before']);
    await vigilant.close();
  });

  it.each([
    ['is not a database', (_: string) => {}],
    ['is malformed', (path: string) => runAndDie(path, 'CREATE TABLE other (column)')],
  ])('starts no new journal in its truncated file once SQLite finds that it %s', async (_, change) => {
    const folder = temporaryFolder();
    const path = folder.file('journal.db');
    const context = createTestContext();
    const vigilant = createVigilant({
      ...sqlite(folder.path),
      batch: { intervalMs: 600_000 },
      graceMs: 1_000,
      onDiagnostic: context.diagnostics,
    });
    await vigilant.log({ id: 'before', message: 'm' });
    // Afterwards, the connection has to read every page again.
    readInOtherProcess(path, 'PRAGMA wal_checkpoint(TRUNCATE)');
    change(path);
    truncateSync(path, 0);
    await expect.poll(async () => (await vigilant.status()).broker.isVolatile).toBe(true);
    await expect(vigilant.log({ message: 'refused' })).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_UNAVAILABLE',
      message: expect.stringMatching(/journal\.db was truncated from \d+ to 0 bytes/) as string,
    });
    expect(statSync(path).size).toBe(0);
    expect(context.reported.map(({ code }) => code)).not.toContain('worker-died');
    const { stored, left, lost } = await vigilant.close();
    expect([stored + lost, left]).toEqual([1, 0]);
  });

  it('reports events as lost if its file was deleted and the store cannot keep them', async () => {
    const folder = temporaryFolder();
    const vigilant = createVigilant({
      ...sqlite(folder.file('data')),
      batch: { intervalMs: 600_000 },
      graceMs: 1_000,
    });
    await vigilant.open();
    await vigilant.log({ message: 'm' });
    folder.removeInUse('data');
    await expect
      .poll(async () => (await vigilant.status()).broker.isVolatile, { timeout: 10_000 })
      .toBe(true);
    expect(await vigilant.close()).toEqual({ stored: 0, left: 0, lost: 1, rejected: 0 });
  });

  it('rejects events while its file is replaced, and still delivers those accepted before', async () => {
    const folder = temporaryFolder();
    const vigilant = createVigilant({ ...sqlite(folder.path), batch: { intervalMs: 600_000 } });
    await vigilant.log({ id: 'before', message: 'm' });
    renameSync(folder.file('journal.db'), folder.file('away.db'));
    writeFileSync(folder.file('journal.db'), '');
    await expect(vigilant.log({ message: 'refused' })).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_UNAVAILABLE',
      message: expect.stringContaining('was replaced by another file') as string,
    });
    expect((await vigilant.query('')).events.map(({ id }) => id)).toEqual(['before']);
    await vigilant.close();
  });
});
