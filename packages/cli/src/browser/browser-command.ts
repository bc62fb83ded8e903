import type { System } from '../system/system';
import type { AppBrowser } from './candidates';
import type { Placement } from './placement';

/** A program and its arguments. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** Class of the windows under X11, by which a desktop environment finds the icon of the application. */
export const WINDOW_CLASS = 'vigilant';

/** Options of a window. */
export interface WindowOptions {
  readonly url: string;
  /** Folder of the settings and the storage of the browser. */
  readonly profile: string;
  /** Position of the last window. `undefined` if there is none. */
  readonly placement: Placement | undefined;
}

/** Returns the command that opens a window without tabs and an address bar. */
export function windowCommand(
  { platform, userId }: Pick<System, 'platform' | 'userId'>,
  browser: AppBrowser,
  { url, profile, placement }: WindowOptions,
): Command {
  return {
    program: browser.path,
    args: [
      `--app=${url}`,
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-mode',
      '--hide-crash-restore-bubble',
      ...placementArguments(placement),
      ...(platform === 'linux' ? [`--class=${WINDOW_CLASS}`] : []),
      ...(needsNoSandbox({ platform, userId }) ? ['--no-sandbox'] : []),
    ],
  };
}

/** Returns whether Chromium starts only without its sandbox, which applies to root on Linux. */
export function needsNoSandbox({ platform, userId }: Pick<System, 'platform' | 'userId'>): boolean {
  return platform === 'linux' && userId === 0;
}

/** Returns the command that opens a URL in the default browser. */
export function defaultBrowserCommand({ platform }: Pick<System, 'platform'>, url: string): Command {
  switch (platform) {
    case 'darwin':
      return { program: 'open', args: [url] };
    case 'win32':
      // Unlike `start`, this does not need a shell, which would interpret characters of the URL.
      return { program: 'rundll32.exe', args: ['url.dll,FileProtocolHandler', url] };
    default:
      return { program: 'xdg-open', args: [url] };
  }
}

function placementArguments(placement: Placement | undefined): readonly string[] {
  if (placement === undefined) return ['--window-size=1280,860'];
  const { left, top, width, height, isMaximized } = placement;
  return [
    `--window-position=${left},${top}`,
    `--window-size=${width},${height}`,
    ...(isMaximized ? ['--start-maximized'] : []),
  ];
}
