import { describe, expect, it } from 'vitest';
import { browserCandidates } from '../../src/browser/candidates';

describe('browserCandidates', () => {
  it('searches the path, snaps and Flatpak on Linux, and prefers Chromium', () => {
    const env = {
      PATH: '/usr/bin:relative::/snap/bin',
      XDG_DATA_DIRS: '/usr/share:/home/ada/.local/share/flatpak/exports/share:/var/lib/flatpak/exports/share',
    };
    const candidates = browserCandidates({ platform: 'linux', env, home: '/home/ada' });
    expect(candidates.slice(0, 3)).toEqual([
      { name: 'Chromium', path: '/usr/bin/chromium' },
      { name: 'Chromium', path: '/snap/bin/chromium', folder: '/home/ada/snap/chromium/common/vigilant' },
      { name: 'Chromium', path: '/usr/bin/chromium-browser' },
    ]);
    expect(candidates).toContainEqual({ name: 'Microsoft Edge', path: '/usr/bin/microsoft-edge-stable' });
    expect(candidates.at(-1)).toEqual({
      name: 'Brave',
      path: '/var/lib/flatpak/exports/bin/com.brave.Browser',
      folder: '/home/ada/.var/app/com.brave.Browser/data/vigilant',
    });
  });

  it('searches the applications of the machine and of the user on macOS', () => {
    const paths = browserCandidates({ platform: 'darwin', env: {}, home: '/Users/ada' }).map(
      ({ path }) => path,
    );
    expect(paths.slice(0, 3)).toEqual([
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Users/ada/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ]);
    expect(paths.at(-1)).toBe('/Users/ada/Applications/Brave Browser.app/Contents/MacOS/Brave Browser');
  });

  it('searches the program folders on Windows', () => {
    const env = {
      ProgramFiles: 'C:\\Program Files',
      'ProgramFiles(x86)': 'C:\\Program Files (x86)',
      LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local',
    };
    const paths = browserCandidates({ platform: 'win32', env, home: 'C:\\Users\\ada' }).map(
      ({ path }) => path,
    );
    expect(paths).toHaveLength(12);
    expect(paths).toContain('C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe');
    expect(paths).toContain('C:\\Users\\ada\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe');
  });
});
