import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { System } from '../system/system';
import { CliError } from '../system/system';
import type { AppBrowser, BrowserSystem } from './candidates';
import { browserCandidates } from './candidates';

/**
 * Returns the browser that opens windows, or `undefined` if none is installed that can.
 *
 * @param asked - Path of a browser of the user's choice.
 * @throws {CliError} if the path does not name a program
 */
export async function findBrowser(
  system: BrowserSystem & Pick<System, 'folder'>,
  asked: string | undefined,
): Promise<AppBrowser | undefined> {
  const candidates = browserCandidates(system);
  if (asked !== undefined) {
    const path = resolve(system.folder, asked);
    if (!(await isProgram(path)))
      throw new CliError(
        `--browser: ${path} is not a program. Give the path of Chromium, Chrome, Edge or Brave.`,
      );
    return candidates.find((each) => each.path === path) ?? { name: basename(path), path };
  }
  for (const candidate of candidates) if (await isProgram(candidate.path)) return candidate;
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
