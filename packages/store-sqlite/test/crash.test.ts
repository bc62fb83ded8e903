import { describe, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createFolder } from './support/folder';
import { SEALING, killRounds } from './support/kill-rounds';
import { bundleLogger, startLogger } from './support/program';
import { countBlocks, expectEachOnce, storedIds } from './support/stored';

let bundle: string;
beforeAll(async () => {
  bundle = await bundleLogger();
});

function temporaryFolder() {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder;
}

describe('sqlite() in processes that are killed', () => {
  it('stores each accepted event once when its process is killed under load', async () => {
    const { accepted } = await killRounds(bundle, temporaryFolder(), 3);
    expect(accepted).toBeGreaterThan(300);
  }, 60_000);

  it('stores each accepted event once when its process is killed while it seals rows', async () => {
    const folder = temporaryFolder();
    await killRounds(bundle, folder, 3, SEALING);
    expect(countBlocks(folder.path)).toBeGreaterThan(3);
  }, 60_000);

  it('stores each accepted event once when a process that seals is stopped beside another one', async () => {
    const folder = temporaryFolder();
    const limits = JSON.stringify(SEALING);
    const start = (name: string) => startLogger(bundle, [folder.path, name, 5, 50, 1e6, limits]);
    const [one, other] = [start('one'), start('other')];
    await Promise.all([one.until(300), other.until(300)]);
    for (let round = 0; round < 3; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 700));
      other.kill('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      other.kill('SIGCONT');
    }
    await Promise.all([one.until(one.accepted.length + 100), other.until(other.accepted.length + 100)]);
    for (const logger of [one, other]) logger.kill('SIGTERM');
    await Promise.all([one.ended, other.ended]);
    expectEachOnce(await storedIds(folder.path), [...one.accepted, ...other.accepted]);
    expect(countBlocks(folder.path)).toBeGreaterThan(3);
  }, 60_000);

  it('stores each accepted event once while another process is killed', async () => {
    const folder = temporaryFolder();
    const [one, other] = ['one', 'other'].map((name) => startLogger(bundle, [folder.path, name, 5, 50]));
    await Promise.all([one?.until(200), other?.until(200)]);
    other?.kill('SIGKILL');
    await other?.ended;
    const before = one?.accepted.length ?? 0;
    await one?.until(before + 500);
    one?.kill('SIGTERM');
    await one?.ended;
    expect(one?.errors()).toContain('"left":0');
    expectEachOnce(await storedIds(folder.path), [...(one?.accepted ?? []), ...(other?.accepted ?? [])]);
  }, 60_000);

  it('takes over from a killed process while it runs', async () => {
    const folder = temporaryFolder();
    // This process stores nothing before it is killed.
    const other = startLogger(bundle, [folder.path, 'other', 5, 60_000]);
    await other.until(200);
    const one = startLogger(bundle, [folder.path, 'one', 1, 50]);
    await one.until(20);
    other.kill('SIGKILL');
    await other.ended;
    await one.until(one.accepted.length + 2_000);
    one.kill('SIGTERM');
    await one.ended;
    expect(one.errors()).toMatch(/"left":0/);
    expectEachOnce(await storedIds(folder.path), [...one.accepted, ...other.accepted]);
  }, 60_000);

  it('stores each accepted event once when another process is stopped and continued', async () => {
    const folder = temporaryFolder();
    const one = startLogger(bundle, [folder.path, 'one', 5, 50]);
    const other = startLogger(bundle, [folder.path, 'other', 5, 50]);
    await Promise.all([one.until(200), other.until(200)]);
    other.kill('SIGSTOP');
    // If it is stopped during a write, the first process waits until it continues.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    other.kill('SIGCONT');
    await Promise.all([one.until(one.accepted.length + 200), other.until(other.accepted.length + 200)]);
    for (const logger of [one, other]) logger.kill('SIGTERM');
    await Promise.all([one.ended, other.ended]);
    expect(one.errors() + other.errors()).not.toContain('"lost":1');
    expectEachOnce(await storedIds(folder.path), [...one.accepted, ...other.accepted]);
  }, 60_000);
});
