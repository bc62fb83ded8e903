import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFolder } from './support/folder';
import { bundleLogger, startLogger } from './support/program';
import { expectEachOnce, storedIds } from './support/stored';

describe('sqlite() with locked files', () => {
  it('stores each accepted event once after both files were locked for ten seconds', async () => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    const logger = startLogger(await bundleLogger(), [folder.path, 'e', 5, 50]);
    await logger.until(100);
    const files = ['journal.db', 'events.db'].map((name) => new Database(folder.file(name)));
    for (const file of files) file.exec('BEGIN IMMEDIATE');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const before = logger.accepted.length;
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    // The journal cannot be written, so no event is accepted.
    expect(logger.accepted.length).toBe(before);
    for (const file of files) {
      file.exec('ROLLBACK');
      file.close();
    }
    await logger.until(before + 200);
    logger.kill('SIGTERM');
    await logger.ended;
    expectEachOnce(await storedIds(folder.path), logger.accepted);
  }, 60_000);
});
