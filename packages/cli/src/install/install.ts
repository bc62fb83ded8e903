import { createFolder } from '@vigilant/core/adapter';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { consoleFiles } from '@vigilant/console';
import { foldersOf } from '../system/folders';
import { printLine } from '../system/print';
import { replaceFile } from '../system/replace-file';
import type { System } from '../system/system';
import { CliError } from '../system/system';
import { desktopEntry } from './desktop-entry';

/** Alternatives on other systems. */
const ADVICE: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'Run `vigilant desktop` in a terminal, and keep the icon in the Dock with Options > Keep in Dock.',
  win32: 'Create a shortcut to `vigilant desktop`: right-click the desktop, then choose New > Shortcut.',
};

/** Adds the window to the applications of this user. May be repeated. @throws {CliError} on macOS and Windows */
export async function install(system: System): Promise<void> {
  const { entry, icon } = filesOf(system);
  const image = consoleFiles.get('icon.svg');
  if (image === undefined) throw new CliError('The console is not built. Run `npm run build`.');
  await writeWithFolder(icon, image.body);
  await writeWithFolder(entry, desktopEntry([...system.command, 'desktop'], icon));
  printLine(system, `installed   ${entry}`);
  printLine(system, `icon        ${icon}`);
}

/** Removes what `install` has added. May be repeated. @throws {CliError} on macOS and Windows */
export async function uninstall(system: System): Promise<void> {
  for (const file of Object.values(filesOf(system))) {
    await rm(file, { force: true });
    printLine(system, `removed     ${file}`);
  }
}

function filesOf(system: System): { readonly entry: string; readonly icon: string } {
  const advice = ADVICE[system.platform];
  if (advice !== undefined)
    throw new CliError(`--install and --uninstall are only available on Linux. ${advice}`);
  const { share } = foldersOf(system);
  return {
    entry: join(share, 'applications', 'vigilant.desktop'),
    icon: join(share, 'icons', 'hicolor', 'scalable', 'apps', 'vigilant.svg'),
  };
}

async function writeWithFolder(file: string, content: string | Uint8Array): Promise<void> {
  createFolder(dirname(file));
  await replaceFile(file, content);
}
