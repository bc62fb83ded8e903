import { createVigilant, isVigilantError } from '@vigilant/core';
import { expect, it } from 'vitest';
import { createTestContext } from '@vigilant/conformance';
import { sqlite } from '../src/index';
import { mountDisk } from './support/disk';

it('rejects events while the disk is full, answers queries, and accepts events again once there is space', async (context) => {
  const disk = mountDisk(128);
  if (disk === undefined) return context.skip();
  const vigilant = createVigilant({ ...sqlite(disk), batch: { intervalMs: 50 } });
  await vigilant.open();
  const accepted: string[] = [];
  const message = 'm'.repeat(60_000);
  let rejection: unknown;
  while (rejection === undefined) {
    try {
      accepted.push((await vigilant.log({ message })).id);
    } catch (error) {
      rejection = error;
    }
  }
  expect(isVigilantError(rejection) && rejection.code).toBe('VIGILANT_BROKER_FULL');
  expect((await vigilant.query('', { limit: 10, freshMs: 100 })).events).toHaveLength(10);
  expect((await vigilant.status()).state).toBe('degraded');

  // Another process prunes the store.
  const { store } = sqlite(disk);
  await store.open(createTestContext());
  const { lastSequence } = await store.status();
  const policy = { maxEvents: Math.floor(lastSequence / 4), signal: new AbortController().signal };
  await store.prune?.(policy);
  await store.close();
  const late = await logUntilAccepted(() => vigilant.log({ message: 'after' }));
  // The store tries again after a pause.
  while (!(await vigilant.flush()).complete) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await vigilant.get(late.id)).toMatchObject({ message: 'after' });
  expect((await vigilant.close()).lost).toBe(0);
}, 60_000);

async function logUntilAccepted<T>(log: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await log();
    } catch (error) {
      expect(isVigilantError(error) && error.retryable).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
