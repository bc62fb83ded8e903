import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { System } from '../system/system';

/**
 * Returns whether a browser uses a profile. Chromium marks it with a link to the name of the machine and the id of the
 * process, which a browser that was killed leaves behind. On Windows the answer is always `false`.
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
