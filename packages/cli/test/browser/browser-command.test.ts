import { describe, expect, it } from 'vitest';
import { defaultBrowserCommand, windowCommand } from '../../src/browser/browser-command';

const URL = 'file:///home/ada/w/1/window.html';
const COMMON = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-mode',
  '--hide-crash-restore-bubble',
];

describe('windowCommand', () => {
  it('opens a window with a profile of its own on Linux', () => {
    expect(
      windowCommand(
        { platform: 'linux', userId: 1_000 },
        { name: 'Chromium', path: '/usr/bin/chromium' },
        { url: URL, profile: '/home/ada/p', placement: undefined },
      ),
    ).toEqual({
      program: '/usr/bin/chromium',
      args: [
        `--app=${URL}`,
        '--user-data-dir=/home/ada/p',
        ...COMMON,
        '--window-size=1280,860',
        '--class=vigilant',
      ],
    });
  });

  it.each([
    ['linux', 0, true],
    ['linux', 1_000, false],
    ['darwin', 0, false],
  ] as const)('passes --no-sandbox only as root on Linux: %s, user %i: %s', (platform, userId, expected) => {
    const browser = { name: 'Chromium', path: '/usr/bin/chromium' };
    const { args } = windowCommand({ platform, userId }, browser, {
      url: URL,
      profile: '/p',
      placement: undefined,
    });
    expect(args.includes('--no-sandbox')).toBe(expected);
  });

  it('places the window on macOS', () => {
    const path = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    const placement = { left: 10, top: -20, width: 900, height: 700, isMaximized: false };
    expect(
      windowCommand(
        { platform: 'darwin', userId: 501 },
        { name: 'Google Chrome', path },
        { url: URL, profile: '/p', placement },
      ),
    ).toEqual({
      program: path,
      args: [
        `--app=${URL}`,
        '--user-data-dir=/p',
        ...COMMON,
        '--window-position=10,-20',
        '--window-size=900,700',
      ],
    });
  });

  it('maximises the window on Windows', () => {
    const path = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
    const placement = { left: 0, top: 0, width: 900, height: 700, isMaximized: true };
    expect(
      windowCommand(
        { platform: 'win32', userId: undefined },
        { name: 'Microsoft Edge', path },
        { url: 'file:///C:/w/1/window.html', profile: 'C:\\p', placement },
      ),
    ).toEqual({
      program: path,
      args: [
        '--app=file:///C:/w/1/window.html',
        '--user-data-dir=C:\\p',
        ...COMMON,
        '--window-position=0,0',
        '--window-size=900,700',
        '--start-maximized',
      ],
    });
  });
});

describe('defaultBrowserCommand', () => {
  it.each([
    ['linux', 'xdg-open', [URL]],
    ['darwin', 'open', [URL]],
    ['win32', 'rundll32.exe', ['url.dll,FileProtocolHandler', URL]],
  ] as const)('opens a page on %s', (platform, program, args) => {
    expect(defaultBrowserCommand({ platform }, URL)).toEqual({ program, args });
  });
});
