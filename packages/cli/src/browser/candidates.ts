import { posix, win32 } from 'node:path';
import type { System } from '../system/system';

/** A browser that can open a window without tabs and an address bar. */
export interface AppBrowser {
  readonly name: string;
  /** Path of the program. */
  readonly path: string;
  /** The only folder of the user in which a confined browser can read and write. `undefined` if it is not confined. */
  readonly folder?: string;
}

/** Parts of the system that determine where browsers are installed. */
export type BrowserSystem = Pick<System, 'platform' | 'env' | 'home'>;

/** Returns where browsers may be installed, the preferred ones first. */
export function browserCandidates(system: BrowserSystem): readonly AppBrowser[] {
  switch (system.platform) {
    case 'darwin':
      return appleCandidates(system);
    case 'win32':
      return windowsCandidates(system);
    default:
      return linuxCandidates(system);
  }
}

/** Names of programs, by browser. */
const PROGRAMS = [
  ['Chromium', ['chromium', 'chromium-browser']],
  ['Google Chrome', ['google-chrome', 'google-chrome-stable']],
  ['Microsoft Edge', ['microsoft-edge', 'microsoft-edge-stable']],
  ['Brave', ['brave-browser', 'brave']],
] as const;

/** Ids of Flatpak applications, by browser. */
const FLATPAKS = [
  ['Chromium', 'org.chromium.Chromium'],
  ['Google Chrome', 'com.google.Chrome'],
  ['Microsoft Edge', 'com.microsoft.Edge'],
  ['Brave', 'com.brave.Browser'],
] as const;

/** Folder of the programs of snaps. It is in `PATH`. */
const SNAPS = '/snap/bin';

/** Suffix of the folders of Flatpak in `XDG_DATA_DIRS`. The programs are in `../bin`. */
const FLATPAK_SHARE = '/flatpak/exports/share';

function linuxCandidates({ env, home }: BrowserSystem): readonly AppBrowser[] {
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => posix.isAbsolute(folder));
  const programs = PROGRAMS.flatMap(([name, files]) =>
    files.flatMap((file) =>
      folders.map((folder) =>
        folder === SNAPS ? snap(name, file, home) : { name, path: posix.join(folder, file) },
      ),
    ),
  );
  const shares = (env['XDG_DATA_DIRS'] ?? '').split(':').filter((folder) => folder.endsWith(FLATPAK_SHARE));
  const flatpaks = FLATPAKS.flatMap(([name, id]) =>
    shares.map((share) => ({
      name,
      path: posix.join(share, '../bin', id),
      folder: posix.join(home, '.var/app', id, 'data/vigilant'),
    })),
  );
  return [...programs, ...flatpaks];
}

function snap(name: string, file: string, home: string): AppBrowser {
  return { name, path: posix.join(SNAPS, file), folder: posix.join(home, 'snap', file, 'common/vigilant') };
}

/** Names of applications of macOS. Each contains a program of the same name. */
const APPLICATIONS = ['Chromium', 'Google Chrome', 'Microsoft Edge', 'Brave Browser'];

function appleCandidates({ home }: BrowserSystem): readonly AppBrowser[] {
  return APPLICATIONS.flatMap((name) =>
    ['/Applications', posix.join(home, 'Applications')].map((folder) => ({
      name,
      path: posix.join(folder, `${name}.app`, 'Contents/MacOS', name),
    })),
  );
}

/** Paths of programs below the folders of applications of Windows. */
const EXECUTABLES = [
  ['Chromium', 'Chromium\\Application\\chrome.exe'],
  ['Google Chrome', 'Google\\Chrome\\Application\\chrome.exe'],
  ['Microsoft Edge', 'Microsoft\\Edge\\Application\\msedge.exe'],
  ['Brave', 'BraveSoftware\\Brave-Browser\\Application\\brave.exe'],
] as const;

function windowsCandidates({ env }: BrowserSystem): readonly AppBrowser[] {
  const folders = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA']
    .map((variable) => env[variable] ?? '')
    .filter((folder) => win32.isAbsolute(folder));
  return EXECUTABLES.flatMap(([name, file]) =>
    folders.map((folder) => ({ name, path: win32.join(folder, file) })),
  );
}
