import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createTestContext } from '@vigilant/conformance';
import type { RetentionStatus } from '@vigilant/core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../scripts/lib/bundle.mjs';
import { createSqliteStore } from '../src/index';
import { createFolder } from './support/folder';
import { sampleEvents } from './support/sample-events';

let bundle: string;
beforeAll(async () => {
  bundle = await bundleProgram('packages/store-sqlite/test/programs/retain.ts');
}, 60_000);
afterAll(() => rmSync(bundle, { force: true }));

/** Starts an engine with rules of retention in a process of its own. */
async function startEngine(path: string) {
  const child = spawn(process.execPath, [bundle, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    /** Advances the clock of the engine to the next run, and returns the status of retention after it. */
    async runNext(): Promise<RetentionStatus> {
      child.stdin.write('\n');
      return JSON.parse((await lines.next()).value as string) as RetentionStatus;
    },
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await ended;
    },
    async close(): Promise<void> {
      child.stdin.end();
      await ended;
    },
  };
}

/** Opens a store to which expired events can be appended. */
async function openStore() {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  const path = folder.file('events.db');
  const store = createSqliteStore(path);
  await store.open(createTestContext());
  onTestFinished(() => store.close());
  let appended = 0;
  const appendExpired = async (): Promise<void> => {
    appended += 100;
    const events = sampleEvents(appended, { receivedAt: 0 });
    await store.append(events.slice(-100));
  };
  return { path, store, appendExpired };
}

describe('retention of several processes on one store', () => {
  it('runs in one process at a time, and moves to another one after a close or a death', async () => {
    const { path, store, appendExpired } = await openStore();
    const [one, other] = await Promise.all([startEngine(path), startEngine(path)]);
    await appendExpired();
    expect(await one.runNext()).toMatchObject({ state: 'waiting', deleted: 100 });
    await appendExpired();
    expect(await other.runNext()).toMatchObject({ state: 'standby', deleted: 0 });
    expect(await one.runNext()).toMatchObject({ state: 'waiting', deleted: 200 });

    await one.close();
    await appendExpired();
    expect(await other.runNext()).toMatchObject({ state: 'waiting', deleted: 100 });

    const third = await startEngine(path);
    await appendExpired();
    await other.kill();
    const states: string[] = [];
    for (let run = 0; run < 4; run += 1) states.push((await third.runNext()).state);
    expect(states).toEqual(['standby', 'standby', 'standby', 'waiting']);
    expect(await store.status()).toMatchObject({ events: 0, prunedThrough: 400 });
  }, 60_000);
});
