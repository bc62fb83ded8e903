import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/command/run-cli';
import { desktopEntry } from '../../src/install/desktop-entry';
import { createTestSystem } from '../support/test-system';

describe('vigilant desktop --install', () => {
  it('writes an entry and an icon, and may be repeated', async () => {
    const system = createTestSystem();
    for (let count = 0; count < 2; count += 1) expect(await runCli(['desktop', '--install'], system)).toBe(0);
    const share = join(system.home, '.local/share');
    const icon = join(share, 'icons/hicolor/scalable/apps/vigilant.svg');
    const entry = readFileSync(join(share, 'applications/vigilant.desktop'), 'utf8');
    expect(entry).toContain('Exec="/usr/bin/node" "/opt/vigilant/main.js" "desktop"\n');
    expect(entry).toContain(`Icon=${icon}\n`);
    expect(readFileSync(icon, 'utf8')).toContain('<svg');
  });

  it('removes both with --uninstall, which may be repeated', async () => {
    const system = createTestSystem();
    await runCli(['desktop', '--install'], system);
    for (let count = 0; count < 2; count += 1)
      expect(await runCli(['desktop', '--uninstall'], system)).toBe(0);
    expect(existsSync(join(system.home, '.local/share/applications/vigilant.desktop'))).toBe(false);
    expect(existsSync(join(system.home, '.local/share/icons/hicolor/scalable/apps/vigilant.svg'))).toBe(
      false,
    );
  });

  it.each([
    ['darwin', 'Keep in Dock'],
    ['win32', 'New > Shortcut'],
  ] as const)('says on %s what to do instead', async (platform, advice) => {
    const system = createTestSystem({ platform });
    expect(await runCli(['desktop', '--install'], system)).toBe(1);
    expect(system.printed()).toContain('--install and --uninstall are only available on Linux.');
    expect(system.printed()).toContain(advice);
  });
});

describe('desktopEntry', () => {
  it('quotes arguments with spaces and special characters', () => {
    const entry = desktopEntry(['/opt/my node/node', 'a"b', '100%', '$HOME', 'back\\slash'], '/i');
    expect(entry).toContain('Exec="/opt/my node/node" "a\\\\"b" "100%%" "\\\\$HOME" "back\\\\\\\\slash"\n');
  });

  it('is valid for desktop-file-validate, where it is installed', () => {
    const system = createTestSystem();
    const file = join(system.home, 'vigilant.desktop');
    writeFileSync(file, desktopEntry(['/usr/bin/node', '/opt/v/main.js', 'desktop'], '/opt/v/icon.svg'));
    try {
      expect(execFileSync('desktop-file-validate', [file], { encoding: 'utf8' })).toBe('');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  });
});
