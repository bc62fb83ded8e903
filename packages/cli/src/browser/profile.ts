import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { System } from '../system/system';

/**
 * Returns whether a browser uses a profile. Chromium marks it with a link whose target is the name of the machine and the id
 * of the process. A browser that was killed leaves the link behind. Always `false` on Windows.
 */
export async function isProfileInUse(
  profile: string,
  { hostName }: Pick<System, 'hostName'>,
): Promise<boolean> {
  const link = await readlink(join(profile, 'SingletonLock')).catch(() => '');
  const [, host, id] = /^(.*)-(\d+)$/.exec(link) ?? [];
  return host === hostName && isOwnProcess(Number(id));
}

/** Returns whether a process of this user is running. */
function isOwnProcess(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}
