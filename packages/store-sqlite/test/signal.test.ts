import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as WorkerThreads from 'node:worker_threads';
import { createTestContext } from '@vigilant/conformance';
import type { Event } from '@vigilant/core';
import { createVigilant } from '@vigilant/core';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { bundleProgram } from '../../../scripts/lib/bundle.mjs';
import { createSqliteBroker, createSqliteStore } from '../src/index';
import { FIXTURE_EVENTS } from './fixtures/events';
import { createFolder } from './support/folder';
import { bundleHolder, startLogger } from './support/program';
import { workers } from './support/workers';

vi.mock('node:worker_threads', async (original) =>
  (await import('./support/workers')).recordWorkers(await original<typeof WorkerThreads>()),
);

beforeEach(() => void workers.splice(0));

const EVENTS: readonly Event[] = FIXTURE_EVENTS;

function temporaryFolder() {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder;
}

function contextWithSignal() {
  const giveUp = new AbortController();
  return { context: { ...createTestContext(), signal: giveUp.signal }, abort: () => giveUp.abort() };
}

/** Locks a database until the test ends. */
function lock(path: string): void {
  const database = new Database(path);
  database.exec('BEGIN IMMEDIATE');
  onTestFinished(() => void database.close());
}

/** Returns how a promise is settled within three seconds. */
async function outcome(work: Promise<unknown>): Promise<string> {
  const late = new Promise<string>((resolve) => setTimeout(resolve, 3_000, 'pending'));
  const ended = work.then(
    () => 'resolved',
    (error: unknown) => String((error as { code?: string }).code ?? error),
  );
  return Promise.race([ended, late]);
}

describe('AdapterContext.signal', () => {
  it('ends the process within the grace time of close() while the journal is locked', async () => {
    const folder = temporaryFolder();
    const holder = startLogger(await bundleHolder(), [folder.path, 'held', 0, 1_000]);
    await holder.until(1);
    lock(folder.file('journal.db'));
    const started = performance.now();
    holder.kill('SIGTERM');
    await holder.ended;
    expect(holder.accepted.at(-1)).toMatch(/^closed after \d+ ms$/);
    expect(performance.now() - started).toBeLessThan(15_000);
  }, 60_000);

  it('settles a publish, a barrier and a close that wait for a locked journal', async () => {
    const path = temporaryFolder().file('journal.db');
    const { context, abort } = contextWithSignal();
    const broker = createSqliteBroker(path);
    await broker.open(context);
    lock(path);
    const waiting = [
      broker.publish(EVENTS),
      broker.barrier({ signal: new AbortController().signal }),
      broker.close(),
    ];
    await new Promise((resolve) => setTimeout(resolve, 100));
    abort();
    expect((await Promise.all(waiting.map(outcome)))[0]).toBe('VIGILANT_BROKER_UNAVAILABLE');
    expect(await Promise.all(waiting.map(outcome))).not.toContain('pending');
  }, 60_000);

  it('settles an append and a close that wait for a locked store', async () => {
    const path = temporaryFolder().file('events.db');
    const { context, abort } = contextWithSignal();
    const store = createSqliteStore(path);
    await store.open(context);
    lock(path);
    const waiting = [store.append(EVENTS), store.close()];
    await new Promise((resolve) => setTimeout(resolve, 100));
    abort();
    expect(await Promise.all(waiting.map(outcome))).toEqual(['VIGILANT_STORE_UNAVAILABLE', 'resolved']);
  }, 60_000);

  it.each([
    ['broker', () => createSqliteBroker],
    ['store', () => createSqliteStore],
  ])(
    'settles an open() of a %s that waits for a locked file',
    async (_, create) => {
      const path = temporaryFolder().file('x.db');
      const adapter = create()(path);
      await adapter.open(createTestContext());
      await adapter.close();
      lock(path);
      const { context, abort } = contextWithSignal();
      const opening = adapter.open(context);
      const closing = adapter.close();
      await new Promise((resolve) => setTimeout(resolve, 100));
      abort();
      expect(await outcome(opening)).toMatch(/_UNAVAILABLE$/);
      expect(await outcome(closing)).toBe('resolved');
    },
    60_000,
  );

  it('does not abort the process when it is aborted while a statement waits for a lock', async () => {
    const folder = temporaryFolder();
    const driver = folder.file('driver.cjs');
    // Its attempts wait inside SQLite, so that most threads are there when the signal is aborted.
    writeFileSync(
      driver,
      `const Database = require(${JSON.stringify(createRequire(import.meta.url).resolve('better-sqlite3'))});
       module.exports = class extends Database {
         constructor(path, options) {
           super(path, { ...options, timeout: 20 });
         }
       };`,
    );
    const bundle = await bundleProgram('packages/store-sqlite/test/programs/give-up.ts');
    const program = startLogger(bundle, [folder.path, driver, 6]);
    await program.ended;
    const rejected = Array.from({ length: 6 }, () => 'VIGILANT_STORE_UNAVAILABLE');
    expect([...program.accepted, program.errors()]).toEqual([...rejected, 'closed', '']);
  }, 60_000);

  it('settles calls that wait for a journal that cannot be opened again', async () => {
    const folder = temporaryFolder();
    const { context, abort } = contextWithSignal();
    const broker = createSqliteBroker(folder.file('journal.db'));
    await broker.open(context);
    const deliveries = broker.consume({ signal: new AbortController().signal })[Symbol.asyncIterator]();
    renameSync(folder.file('journal.db'), folder.file('away.db'));
    mkdirSync(folder.file('journal.db'));
    await workers[0]?.terminate();
    const waiting = [
      broker.publish(EVENTS),
      broker.barrier({ signal: new AbortController().signal }),
      deliveries.next(),
    ];
    abort();
    waiting.push(broker.close());
    expect(await Promise.all(waiting.map(outcome))).not.toContain('pending');
  }, 60_000);
});

describe('SqliteBroker whose journal cannot be opened again', () => {
  it('rejects a publish and is degraded', async () => {
    const folder = temporaryFolder();
    const broker = createSqliteBroker(folder.file('journal.db'));
    await broker.open(createTestContext());
    renameSync(folder.file('journal.db'), folder.file('away.db'));
    mkdirSync(folder.file('journal.db'));
    await workers[0]?.terminate();
    expect(await outcome(broker.publish(EVENTS))).toBe('VIGILANT_BROKER_UNAVAILABLE');
    expect(broker.status()).toMatchObject({ state: 'degraded' });
    await broker.close();
  }, 60_000);
});

describe('SqliteBroker that is degraded', () => {
  it('is ready again without a publish once its file is put back', async () => {
    const folder = temporaryFolder();
    const vigilant = createVigilant({ broker: createSqliteBroker(folder.file('journal.db')) });
    onTestFinished(async () => void (await vigilant.close()));
    await vigilant.open();
    renameSync(folder.file('journal.db'), folder.file('away.db'));
    await expect(vigilant.log({ message: 'refused' })).rejects.toMatchObject({ retryable: true });
    expect((await vigilant.status()).state).toBe('degraded');
    renameSync(folder.file('away.db'), folder.file('journal.db'));
    await expect.poll(async () => (await vigilant.status()).state, { timeout: 20_000 }).toBe('ready');
  });
});
