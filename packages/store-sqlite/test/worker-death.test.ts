import type * as WorkerThreads from 'node:worker_threads';
import type { Diagnostic } from '@vigilant/core';
import { createVigilant } from '@vigilant/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sqlite } from '../src/index';
import { createFolder } from './support/folder';
import { expectEachOnce, storedIds } from './support/stored';
import { workers } from './support/workers';

vi.mock('node:worker_threads', async (original) =>
  (await import('./support/workers')).recordWorkers(await original<typeof WorkerThreads>()),
);

describe('sqlite() whose threads die', () => {
  it('restarts the threads and stores each accepted event once', async () => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    const reported: Diagnostic[] = [];
    const vigilant = createVigilant({
      ...sqlite(folder.path),
      batch: { intervalMs: 20 },
      onDiagnostic: (diagnostic) => void reported.push(diagnostic),
    });
    await vigilant.open();
    const accepted: string[] = [];
    let isOver = false;
    let deaths = 0;
    const load = Array.from({ length: 5 }, async () => {
      while (!isOver) accepted.push((await vigilant.log({ message: 'm' })).id);
    });
    for (let round = 0; round < 3; round += 1) {
      const count = accepted.length;
      await vi.waitUntil(() => accepted.length >= count + 100, { timeout: 20_000, interval: 5 });
      const alive = workers.splice(0);
      deaths += alive.length;
      for (const worker of alive) await worker.terminate();
    }
    const count = accepted.length;
    await vi.waitUntil(() => accepted.length >= count + 100, { timeout: 20_000, interval: 5 });
    isOver = true;
    await Promise.all(load);
    // A flush does not wait while the store is unavailable.
    await vi.waitUntil(async () => (await vigilant.flush()).complete, { timeout: 20_000 });
    expect((await vigilant.status()).broker.pendingEvents).toBe(0);
    expect(await vigilant.close()).toMatchObject({ left: 0, lost: 0 });
    // The thread of the journal and the two threads of the store, each time.
    expect(deaths).toBe(9);
    expect(reported.map(({ code }) => code)).toContain('worker-died');
    expectEachOnce(await storedIds(folder.path), accepted);
  }, 60_000);

  it('closes at once after a call whose arguments cannot be cloned', async () => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    const parts = sqlite(folder.path);
    const vigilant = createVigilant({ ...parts, graceMs: 60_000 });
    await vigilant.open();
    await expect(parts.store.get(Symbol('id') as never)).rejects.toThrow(/cloned/);
    const started = performance.now();
    await vigilant.close();
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
