import { realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { parseServerUrl } from '../desktop/remote-server';
import type { ChosenBrowser } from '../desktop/run-desktop';
import { runDesktop } from '../desktop/run-desktop';
import { createStateFile } from '../desktop/state-file';
import type { StateFile } from '../desktop/state-file';
import type { Target } from '../desktop/target';
import { install, uninstall } from '../install/install';
import { foldersOf } from '../system/folders';
import { printError, printLine } from '../system/print';
import { ensurePrivateFolder } from '../system/private-folder';
import type { System } from '../system/system';
import { UsageError } from '../system/system';
import { BROWSER_VARIABLE, checkVariables } from '../system/variables';

/** Options as commander reads them. */
interface Flags {
  /** `true` without a URL. */
  readonly connect?: string | true;
  readonly data?: string;
  readonly browser?: string;
  readonly servers?: true;
  readonly install?: true;
  readonly uninstall?: true;
}

/** Options that select another action than opening a window. */
const ACTIONS = ['servers', 'install', 'uninstall'] as const;

/** Creates the command `vigilant desktop`. */
export function desktopCommand(system: System): Command {
  return new Command('desktop')
    .description(
      'Opens the console in its own window. Closing the window ends everything that the command started.',
    )
    .argument('[file]', 'database to open read-only: an events.db, or a folder that contains one')
    .helpOption('-h, --help', 'print this help')
    .option('--connect [url]', 'connect to a server (default: the last one used)')
    .option('--data <folder>', `folder in which events are stored (default: ${foldersOf(system).data})`)
    .option(
      '--browser <path>',
      'Chromium, Chrome, Edge or Brave (default: $VIGILANT_BROWSER, or the first one found)',
    )
    .option('--servers', 'list the servers used so far, the last one first')
    .option('--install', 'add Vigilant to the applications of this user (Linux)')
    .option('--uninstall', 'remove Vigilant from the applications of this user (Linux)')
    .action((file: string | undefined, flags: Flags) => run(file, flags, system));
}

async function run(file: string | undefined, flags: Flags, system: System): Promise<void> {
  checkCombination(file, flags);
  checkVariables(system.env);
  if (flags.install) return install(system);
  if (flags.uninstall) return uninstall(system);
  const { state: folder } = foldersOf(system);
  await ensurePrivateFolder(folder, system);
  const state = createStateFile(folder, (message) => printError(system, message));
  if (flags.servers) return listServers(state, system);
  const target = await targetOf(file, flags, state, system);
  await runDesktop({ target, browser: chosenBrowser(flags, system) }, state, system);
}

function chosenBrowser({ browser }: Flags, { env }: System): ChosenBrowser | undefined {
  if (browser !== undefined) return { path: browser, by: '--browser' };
  const path = env[BROWSER_VARIABLE];
  return path ? { path, by: BROWSER_VARIABLE } : undefined;
}

/** @throws {UsageError} for arguments that exclude each other */
function checkCombination(file: string | undefined, flags: Flags): void {
  const given = [
    ...(file === undefined ? [] : ['FILE']),
    ...(['connect', 'data', ...ACTIONS] as const)
      .filter((name) => flags[name] !== undefined)
      .map((name) => `--${name}`),
  ];
  const action = ACTIONS.find((name) => flags[name] !== undefined);
  if (flags.browser !== undefined && action !== undefined) given.push('--browser');
  if (given.length > 1)
    throw new UsageError(`${given.join(' and ')} cannot be combined. Use at most one of them.`);
}

async function targetOf(
  file: string | undefined,
  { connect, data }: Flags,
  state: StateFile,
  system: System,
): Promise<Target> {
  if (file !== undefined) return { kind: 'file', path: await findFile(resolve(system.folder, file)) };
  if (connect === undefined)
    return {
      kind: 'engine',
      folder: data === undefined ? foldersOf(system).data : resolve(system.folder, data),
    };
  if (connect !== true) return { kind: 'server', url: parseServerUrl(connect) };
  const [last] = (await state.read()).servers;
  if (last === undefined)
    throw new UsageError(
      '--connect: No server has been used yet. Pass a URL, such as http://127.0.0.1:50052/.',
    );
  return { kind: 'server', url: parseServerUrl(last.url) };
}

/** Returns the path of the database of a folder, or of the file itself. Resolves links, so that each file has one path. */
async function findFile(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, 'events.db') : path;
  // A missing file is reported when it is opened.
  return realpath(file).catch(() => file);
}

async function listServers(state: StateFile, system: System): Promise<void> {
  const { servers } = await state.read();
  if (servers.length === 0)
    printError(system, 'no server has been used yet; run `vigilant desktop --connect URL`');
  for (const { url, lastUsedAt } of servers) printLine(system, `${url}  last used ${lastUsedAt}`);
}
