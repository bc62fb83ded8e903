import { createVigilant } from '@vigilant/core';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sqlite } from '../src/index';
import { createFolder } from './support/folder';
import { bundleHolder, startLogger } from './support/program';

const LOCKED_MS = 8_000;

describe('sqlite() after processes died', () => {
  it('takes over their events before the first complete query, also while another process locks the journal', async () => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    const bundle = await bundleHolder();
    const holder = startLogger(bundle, [folder.path, 'held', 50]);
    await holder.until(51);
    const idle = startLogger(bundle, [folder.path, 'none', 0]);
    await idle.until(1);
    const vigilant = createVigilant(sqlite(folder.path));
    onTestFinished(async () => void (await vigilant.close()));
    await vigilant.open();

    const lock = new Database(folder.file('journal.db'));
    lock.exec('BEGIN IMMEDIATE');
    for (const { kill } of [holder, idle]) kill('SIGKILL');
    await Promise.all([holder.ended, idle.ended]);
    const logged = vigilant.log({ id: 'own', message: 'logged by the survivor' });
    await new Promise((resolve) => setTimeout(resolve, LOCKED_MS));
    lock.exec('ROLLBACK');
    lock.close();
    await logged;

    let page = await vigilant.query('', { limit: 100 });
    while (!page.freshness.complete) page = await vigilant.query('', { limit: 100 });
    expect(page.events).toHaveLength(51);
    expect(await vigilant.flush()).toEqual({ complete: true, pending: 0 });
  }, 60_000);
});
