import { join } from 'node:path';
import { createAppBrowser } from '../browser/app-browser';
import type { Browser } from '../browser/browser';
import { needsNoSandbox } from '../browser/browser-command';
import type { AppBrowser } from '../browser/candidates';
import { createDefaultBrowser } from '../browser/default-browser';
import type { ChosenBrowser } from '../browser/find-browser';
import { findBrowser, findDefaultFolder } from '../browser/find-browser';
import { deleteOldProfiles } from '../browser/old-profiles';
import { readPlacement } from '../browser/placement';
import { foldersOf } from '../system/folders';
import { ensurePrivateFolder } from '../system/private-folder';
import { printError, printLine } from '../system/print';
import type { System } from '../system/system';
import { CliError } from '../system/system';
import { becomeInstance, instanceAddress } from './instance';
import { openSource } from './open-source';
import type { Source } from './source';
import type { StateFile } from './state-file';
import type { Target } from './target';
import { keyOf, placeOf } from './target';
import { runWindows } from './windows';

export type { ChosenBrowser };

/** How long the server runs without a request if the default browser shows the page, in milliseconds. */
const UNUSED_MS = 30 * 60_000;

/** Options of `vigilant desktop`. */
export interface DesktopOptions {
  readonly target: Target;
  /** The browser that the user chose. */
  readonly browser: ChosenBrowser | undefined;
}

/**
 * Opens a window. Once all windows are closed, ends everything that was started.
 *
 * @throws {CliError}
 */
export async function runDesktop(options: DesktopOptions, state: StateFile, system: System): Promise<void> {
  const { target } = options;
  checkDisplay(system);
  const folders = foldersOf(system);
  for (const folder of [folders.state, folders.runtime]) await ensurePrivateFolder(folder, system);
  const key = keyOf(target);
  const instance = await becomeInstance(instanceAddress(system, folders.runtime, key), system);
  if (instance === undefined)
    return printLine(system, `opened another window of ${placeOf(target)}, which is already open`);
  try {
    const found = await findBrowser(system, options.browser);
    const folder = found === undefined ? await findDefaultFolder(system) : found.folder;
    const base = folder ?? folders.state;
    const windows = join(base, 'windows', key);
    await ensurePrivateFolder(base, system);
    const profiles = join(base, 'profiles');
    await deleteOldProfiles(profiles, key, system);
    const source = await openSource(target, { system, state, windows });
    const browser = await createBrowser({ found, target, source, profile: join(profiles, key), system });
    announce(target, browser, system);
    if (found !== undefined) printLine(system, 'Ctrl+C or closing the window ends the command');
    await runWindows({
      source,
      browser,
      instance,
      stopping: system.stopping,
      print: printLine.bind(undefined, system),
    });
  } finally {
    await instance.close();
  }
}

/** @throws {CliError} if no desktop is running */
function checkDisplay({ platform, env }: System): void {
  if (platform === 'darwin' || platform === 'win32' || env['DISPLAY'] || env['WAYLAND_DISPLAY']) return;
  throw new CliError(
    'A window cannot be opened: DISPLAY and WAYLAND_DISPLAY are not set. Run the command in a desktop session, or start a ' +
      'server and open its console from another machine.',
  );
}

interface BrowserParts {
  /** `undefined` if only the default browser can be used. */
  readonly found: AppBrowser | undefined;
  readonly target: Target;
  readonly source: Source;
  readonly profile: string;
  readonly system: System;
}

async function createBrowser(parts: BrowserParts): Promise<Browser> {
  const { found, target, source, profile, system } = parts;
  if (found === undefined) {
    // A page of another server does not need this process.
    const end =
      target.kind === 'server'
        ? ''
        : ` The command ends with Ctrl+C, or ${UNUSED_MS / 60_000} minutes after the page was last used.`;
    printError(
      system,
      `Chromium, Chrome, Edge and Brave are not installed, so the default browser shows the console.${end}`,
    );
    return createDefaultBrowser(system, () => source.untilUnused(UNUSED_MS));
  }
  if (needsNoSandbox(system))
    printError(system, `${found.name} runs without its sandbox (--no-sandbox), because the user is root.`);
  const placement = await readPlacement(profile, source.placementUrl);
  return createAppBrowser({ system, browser: found, profile, placement });
}

function announce(target: Target, { name }: Browser, system: System): void {
  const place = placeOf(target);
  printLine(system, `window      ${name}`);
  printLine(system, `events      ${target.kind === 'file' ? `${place}, read-only` : place}`);
}
