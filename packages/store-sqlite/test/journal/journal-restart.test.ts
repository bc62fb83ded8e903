import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type * as WorkerThreads from 'node:worker_threads';
import { createTestContext } from '@vigilant/conformance';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSqliteBroker } from '../../src/index';
import { FIXTURE_EVENTS } from '../fixtures/events';
import { createFolder } from '../support/folder';
import { workers } from '../support/workers';

vi.mock('node:worker_threads', async (original) =>
  (await import('../support/workers')).recordWorkers(await original<typeof WorkerThreads>()),
);

beforeEach(() => void workers.splice(0));

const never = new AbortController().signal;

async function openBroker() {
  const folder = createFolder();
  const path = folder.file('journal.db');
  const context = createTestContext();
  const broker = createSqliteBroker(path);
  await broker.open(context);
  const database = new Database(path);
  onTestFinished(async () => {
    database.close();
    await broker.close();
    folder.remove();
  });
  const lockFiles = () => readdirSync(folder.path).filter((name) => name.includes('-owner-'));
  return { folder, broker, context, database, lockFiles };
}

describe('SqliteBroker whose thread ends', () => {
  it('registers again before it writes when another process has removed its row', async () => {
    const { broker, context, database } = await openBroker();
    database.exec('DELETE FROM owner');
    await broker.publish(FIXTURE_EVENTS);
    const stranded = database.prepare('SELECT * FROM batch WHERE owner NOT IN (SELECT id FROM owner)').all();
    expect(stranded).toEqual([]);
    expect(context.reported).toMatchObject([{ code: 'worker-died' }]);
    expect(context.reported[0]?.message).toMatch(/taken over owner 1/);
  });

  it('registers again when its lock file was deleted', async () => {
    const { folder, broker, context, lockFiles } = await openBroker();
    const [name = ''] = lockFiles();
    rmSync(join(folder.path, name));
    await expect.poll(() => lockFiles().some((other) => other !== name), { timeout: 20_000 }).toBe(true);
    expect(context.reported[0]?.message).toMatch(/lock file of this process was deleted/);
    await broker.publish(FIXTURE_EVENTS);
  });

  it('ends a watch that may have missed events when the thread is restarted', async () => {
    const { broker } = await openBroker();
    const watch = await broker.watch({ signal: never });
    await workers[0]?.terminate();
    await broker.publish(FIXTURE_EVENTS);
    const read = async (): Promise<void> => {
      for await (const events of watch) expect(events).not.toEqual([]);
    };
    await expect(read()).rejects.toMatchObject({ code: 'VIGILANT_WATCH_OVERFLOW' });
  });

  it('flushes the consumer again when the thread is restarted during a barrier', async () => {
    const { broker } = await openBroker();
    await broker.publish(FIXTURE_EVENTS);
    const deliveries = broker.consume({ signal: never })[Symbol.asyncIterator]();
    await deliveries.next();
    const barrier = broker.barrier({ signal: never });
    expect((await deliveries.next()).value).toMatchObject({ flush: true });
    const next = deliveries.next();
    await workers[0]?.terminate();
    const { value } = await next;
    expect(value).toMatchObject({ events: FIXTURE_EVENTS, flush: true });
    await value?.ack();
    expect(await barrier).toEqual({ complete: true, pending: 0 });
  });

  it('does not create a file in place of one that was moved', async () => {
    const { folder, broker } = await openBroker();
    renameSync(folder.file('journal.db'), folder.file('away.db'));
    await workers[0]?.terminate();
    await expect(broker.publish(FIXTURE_EVENTS)).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_UNAVAILABLE',
    });
    expect(existsSync(folder.file('journal.db'))).toBe(false);
  });

  it('rejects a publish when the thread dies after each restart', async () => {
    const { broker, database } = await openBroker();
    // Each thread ends at its first write.
    database.exec('CREATE TRIGGER t AFTER INSERT ON owner BEGIN DELETE FROM owner; END');
    database.exec('DELETE FROM owner');
    await expect(broker.publish(FIXTURE_EVENTS)).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_UNAVAILABLE',
    });
    expect(broker.status().state).toBe('degraded');
  });
});
