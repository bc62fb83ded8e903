import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { System } from '../system/system';
import { CliError } from '../system/system';
import type { AppBrowser, BrowserSystem } from './candidates';
import { browserCandidates } from './candidates';

/** A browser that the user chose. */
export interface ChosenBrowser {
  readonly path: string;
  /** Name of the flag or the variable that chose it. */
  readonly by: string;
}

/**
 * Returns a browser that can open windows, or `undefined` if none is installed.
 *
 * @param chosen - The browser that the user chose.
 * @throws {CliError} if the path does not name a program
 */
export async function findBrowser(
  system: BrowserSystem & Pick<System, 'folder'>,
  chosen: ChosenBrowser | undefined,
): Promise<AppBrowser | undefined> {
  const candidates = browserCandidates(system);
  if (chosen !== undefined) {
    const path = resolve(system.folder, chosen.path);
    if (!(await isProgram(path)))
      throw new CliError(
        `${chosen.by}: ${path} is not a program. Pass the path of Chromium, Chrome, Edge or Brave.`,
      );
    return candidates.find((each) => each.path === path) ?? { name: basename(path), path };
  }
  for (const candidate of candidates) if (await isProgram(candidate.path)) return candidate;
  return undefined;
}

/**
 * Returns a folder that the default browser can read even if it is Firefox as a snap, or `undefined` if that is not installed.
 * Other browsers can read the folder too.
 */
export async function findDefaultFolder({ platform, home }: BrowserSystem): Promise<string | undefined> {
  const folder = join(home, 'snap', 'firefox', 'common');
  const isSnap = platform === 'linux' && (await stat(folder).catch(() => undefined)) !== undefined;
  return isSnap ? join(folder, 'vigilant') : undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
