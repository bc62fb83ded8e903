import type * as WorkerThreads from 'node:worker_threads';
import type { Worker } from 'node:worker_threads';
import { createVigilant } from '@vigilant/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sqlite } from '../src/index';
import { createFolder } from './support/folder';

const { journal } = vi.hoisted(() => ({
  journal: { worker: undefined as Worker | undefined, isBroken: false },
}));

vi.mock('node:worker_threads', async (original) => {
  const real = await original<typeof WorkerThreads>();
  class BreakableWorker extends real.Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      const { path } = args[1]?.workerData as { path: string };
      const isJournal = path.endsWith('journal.db');
      if (isJournal && journal.isBroken) throw new Error('no more threads');
      super(...args);
      if (isJournal) journal.worker = this;
    }
  }
  return { ...real, Worker: BreakableWorker };
});

describe('SqliteBroker without a thread', () => {
  it('answers queries at once while no thread can be started, and completely once one can', async () => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    const vigilant = createVigilant({ ...sqlite(folder.path), freshMs: 60_000 });
    await vigilant.log({ message: 'before' });
    expect((await vigilant.query()).freshness.complete).toBe(true);
    journal.isBroken = true;
    const rejected = expect(vigilant.log({ message: 'rejected' })).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_UNAVAILABLE',
    });
    await journal.worker?.terminate();
    await rejected;
    expect((await vigilant.status()).broker).toMatchObject({ isBlocked: true });
    const asked = performance.now();
    const page = await vigilant.query();
    expect(performance.now() - asked).toBeLessThan(20_000);
    expect(page).toMatchObject({ events: [{ message: 'before' }], freshness: { complete: false } });
    journal.isBroken = false;
    await expect.poll(async () => (await vigilant.status()).state, { timeout: 20_000 }).toBe('ready');
    await vigilant.log({ message: 'after' });
    expect(await vigilant.query()).toMatchObject({
      events: [{ message: 'after' }, { message: 'before' }],
      freshness: { complete: true },
    });
    expect((await vigilant.status()).broker.isBlocked).toBe(false);
    await vigilant.close();
  }, 60_000);
});
