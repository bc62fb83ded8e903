import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { System } from '../system/system';
import { isProfileInUse } from './profile';

/** Number of profiles that are kept besides the current one. Each occupies some megabytes. */
const KEPT = 10;

/**
 * Deletes the least recently used profiles.
 *
 * @param current - Name of the profile that is about to be used.
 */
export async function deleteOldProfiles(folder: string, current: string, system: System): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const profiles = await Promise.all(
    names.filter((name) => name !== current).map((name) => describe(folder, name)),
  );
  const newestFirst = profiles.sort((a, b) => b.usedAt - a.usedAt);
  for (const { path } of newestFirst.slice(KEPT))
    // On Windows, a running browser keeps its files from being deleted.
    if (!(await isProfileInUse(path, system)))
      await rm(path, { recursive: true, force: true }).catch(() => {});
}

async function describe(
  folder: string,
  name: string,
): Promise<{ readonly path: string; readonly usedAt: number }> {
  const path = join(folder, name);
  // The browser creates and deletes files in its profile each time it runs.
  const found = await stat(path).catch(() => undefined);
  return { path, usedAt: found?.mtimeMs ?? 0 };
}
