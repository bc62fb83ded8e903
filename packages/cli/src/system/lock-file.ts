import { open, rm, stat } from 'node:fs/promises';
import type { Clock } from '@vigilant/core';
import { systemClock } from '@vigilant/core';
import { sleep } from '@vigilant/core/adapter';

/** How long to wait for one lock, in milliseconds. The process that has not released it by then has died. */
const WAIT_MS = 2_000;

const RETRY_MS = 20;

/** Runs work while no other process holds the same lock file. The work must take far less than two seconds. */
export async function withLockFile<T>(
  path: string,
  work: () => Promise<T>,
  clock: Clock = systemClock,
): Promise<T> {
  let lock: string | undefined;
  let deadline = 0;
  while (!(await create(path))) {
    const found = await identify(path);
    if (found === undefined) continue;
    if (found !== lock) {
      lock = found;
      deadline = clock.monotonic() + WAIT_MS;
    }
    if (clock.monotonic() < deadline) await sleep(clock, RETRY_MS, undefined, { keepAlive: true });
    else await rm(path, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Identifies a file, to distinguish the lock of one process from that of the next. Returns `undefined` if it does not exist. */
async function identify(path: string): Promise<string | undefined> {
  try {
    const { ino, ctimeNs } = await stat(path, { bigint: true });
    return `${ino} ${ctimeNs}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
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
