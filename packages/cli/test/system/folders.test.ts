import { describe, expect, it } from 'vitest';
import { foldersOf } from '../../src/system/folders';

describe('foldersOf', () => {
  it('follows the XDG base directory specification on Linux', () => {
    expect(foldersOf({ platform: 'linux', env: {}, home: '/home/ada' })).toEqual({
      data: '/home/ada/.local/share/vigilant',
      state: '/home/ada/.local/state/vigilant',
      runtime: '/home/ada/.local/state/vigilant/run',
      share: '/home/ada/.local/share',
    });
    const env = { XDG_DATA_HOME: '/d', XDG_STATE_HOME: '/s', XDG_RUNTIME_DIR: '/run/user/7' };
    expect(foldersOf({ platform: 'linux', env, home: '/home/ada' })).toEqual({
      data: '/d/vigilant',
      state: '/s/vigilant',
      runtime: '/run/user/7/vigilant',
      share: '/d',
    });
  });

  it('ignores relative paths, as the specification requires', () => {
    const env = { XDG_DATA_HOME: 'd', XDG_STATE_HOME: '', XDG_RUNTIME_DIR: './r' };
    expect(foldersOf({ platform: 'linux', env, home: '/home/ada' })).toEqual(
      foldersOf({ platform: 'linux', env: {}, home: '/home/ada' }),
    );
  });

  it('uses the application support of macOS', () => {
    const { data, state } = foldersOf({ platform: 'darwin', env: {}, home: '/Users/ada' });
    expect(data).toBe('/Users/ada/Library/Application Support/Vigilant/Data');
    expect(state).toBe('/Users/ada/Library/Application Support/Vigilant/State');
  });

  it('uses the local application data of Windows', () => {
    const home = 'C:\\Users\\ada';
    expect(foldersOf({ platform: 'win32', env: { LOCALAPPDATA: 'D:\\Local' }, home }).data).toBe(
      'D:\\Local\\Vigilant\\Data',
    );
    expect(foldersOf({ platform: 'win32', env: {}, home }).state).toBe(
      'C:\\Users\\ada\\AppData\\Local\\Vigilant\\State',
    );
  });
});
