import { posix, win32 } from 'node:path';
import type { System } from './system';

/** Parts of the system that determine the folders of a user. */
export type FolderSystem = Pick<System, 'platform' | 'env' | 'home'>;

/** The folders of a user. */
export interface Folders {
  /** Events of the embedded engine. */
  readonly data: string;
  /** The state file and the profiles of the browsers. */
  readonly state: string;
  /** Sockets of running commands. */
  readonly runtime: string;
  /** Entries of applications and icons. Used on Linux. */
  readonly share: string;
}

/**
 * Returns the folders of a user. On Linux they follow the XDG base directory specification, which requires that relative
 * paths in its variables are ignored.
 */
export function foldersOf(system: FolderSystem): Folders {
  switch (system.platform) {
    case 'darwin':
      return appleFolders(system);
    case 'win32':
      return windowsFolders(system);
    default:
      return xdgFolders(system);
  }
}

function xdgFolders({ env, home }: FolderSystem): Folders {
  const folder = (variable: string, fallback: string): string => {
    const value = env[variable] ?? '';
    return posix.isAbsolute(value) ? value : posix.join(home, fallback);
  };
  const share = folder('XDG_DATA_HOME', '.local/share');
  const state = posix.join(folder('XDG_STATE_HOME', '.local/state'), 'vigilant');
  const runtime = env['XDG_RUNTIME_DIR'] ?? '';
  return {
    data: posix.join(share, 'vigilant'),
    state,
    runtime: posix.join(
      posix.isAbsolute(runtime) ? runtime : state,
      posix.isAbsolute(runtime) ? 'vigilant' : 'run',
    ),
    share,
  };
}

function appleFolders({ home }: FolderSystem): Folders {
  const support = posix.join(home, 'Library', 'Application Support');
  const base = posix.join(support, 'Vigilant');
  return {
    data: posix.join(base, 'Data'),
    state: posix.join(base, 'State'),
    runtime: posix.join(base, 'Run'),
    share: support,
  };
}

function windowsFolders({ env, home }: FolderSystem): Folders {
  const value = env['LOCALAPPDATA'] ?? '';
  const local = win32.isAbsolute(value) ? value : win32.join(home, 'AppData', 'Local');
  const base = win32.join(local, 'Vigilant');
  return {
    data: win32.join(base, 'Data'),
    state: win32.join(base, 'State'),
    runtime: win32.join(base, 'Run'),
    share: local,
  };
}
