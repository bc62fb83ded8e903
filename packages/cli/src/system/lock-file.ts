import { open, rm } from 'node:fs/promises';
import { systemClock } from '@vigilant/core';
import { sleep } from '@vigilant/core/adapter';

/** How long to wait for a lock, in milliseconds. The process that has not released it by then has died. */
const WAIT_MS = 2_000;

const RETRY_MS = 20;

/** Runs some work, which must take far less than two seconds, while no other process runs work under the same lock file. */
export async function withLockFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  const deadline = systemClock.monotonic() + WAIT_MS;
  while (!(await create(path))) {
    if (systemClock.monotonic() < deadline)
      await sleep(systemClock, RETRY_MS, undefined, { keepAlive: true });
    else await rm(path, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Creates a file. Returns whether it did not exist. */
async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
