import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/command/run-cli';
import { VERSION } from '../../src/command/version';
import { createTestSystem } from '../support/test-system';

describe('runCli', () => {
  it('prints the version and the help, and returns 0', async () => {
    const system = createTestSystem();
    expect(await runCli(['--version'], system)).toBe(0);
    expect(await runCli(['desktop', '--help'], system)).toBe(0);
    expect(system.printed()).toContain(`${VERSION}\nUsage: vigilant desktop [options] [file]`);
  });

  it.each([
    [[], 'Usage: vigilant'],
    [['dekstop'], "unknown command 'dekstop'"],
    [['desktop', '--conect'], "unknown option '--conect'"],
    [['desktop', 'a.db', 'b.db'], 'Expected 1 argument but got 2'],
    [['desktop', 'a.db', '--connect'], 'FILE and --connect cannot be combined. Use at most one of them.'],
    [['desktop', '--servers', '--install'], '--servers and --install cannot be combined.'],
    [['desktop', '--install', '--browser', 'b'], '--install and --browser cannot be combined.'],
    [['desktop', '--servers', '--browser', 'b'], '--servers and --browser cannot be combined.'],
    [['desktop', '--connect'], '--connect: No server has been used yet. Pass a URL'],
    [['desktop', '--connect', 'localhost'], '--connect: "localhost" is not a URL.'],
    [['desktop', '--connect', 'ftp://db'], 'does not begin with http:// or https://'],
    [['desktop', '--connect', 'http://a:b@db/'], 'contains a user name or password'],
    [['desktop', '--connect', 'http://db/?a=1'], 'has a query string or a fragment'],
  ])('returns 2 for %j', async (args, message) => {
    const system = createTestSystem();
    expect(await runCli(args, system)).toBe(2);
    expect(system.printed()).toContain(message);
  });

  it('returns 1 without a desktop session', async () => {
    const system = createTestSystem({ env: {} });
    expect(await runCli(['desktop'], system)).toBe(1);
    expect(system.printed()).toContain('DISPLAY and WAYLAND_DISPLAY are not set.');
  });

  it.each(['VIGILANT_BROWSR', 'VIGILANT_BROWSERS'])('returns 2 for the variable %s', async (name) => {
    const system = createTestSystem({ env: { DISPLAY: ':0', [name]: '/usr/bin/chromium' } });
    expect(await runCli(['desktop', '--servers'], system)).toBe(2);
    expect(system.printed()).toContain(
      `${name} is not a variable of vigilant. Did you mean "VIGILANT_BROWSER"?`,
    );
  });

  it('accepts variables of the standalone server', async () => {
    const env = { DISPLAY: ':0', VIGILANT_BROKER: 'kafka', VIGILANT_DATA: 'data' };
    expect(await runCli(['desktop', '--servers'], createTestSystem({ env }))).toBe(0);
  });

  it('returns 1 and names VIGILANT_BROWSER if it does not name a program', async () => {
    const system = createTestSystem({ env: { DISPLAY: ':0', VIGILANT_BROWSER: 'absent' } });
    expect(await runCli(['desktop'], system)).toBe(1);
    expect(system.printed()).toContain(`VIGILANT_BROWSER: ${join(system.home, 'absent')} is not a program.`);
  });

  it('returns 1 if --browser does not name a program', async () => {
    const system = createTestSystem();
    expect(await runCli(['desktop', '--browser', 'absent'], system)).toBe(1);
    expect(system.printed()).toContain(`--browser: ${join(system.home, 'absent')} is not a program.`);
  });

  it.each([
    ['exit 3', /ended with exit code 3:\nno such library\nChoose another browser with --browser\./],
    ['exit 0', /ended before its window was open\. Choose another one with --browser\./],
  ])('returns 1 for a browser that runs "%s", and leaves nothing open', async (script, message) => {
    const system = createTestSystem();
    const browser = join(system.home, 'browser.sh');
    writeFileSync(browser, `#!/bin/sh\necho 'no such library' >&2\n${script}\n`);
    chmodSync(browser, 0o755);
    expect(await runCli(['desktop', '--browser', browser, '--data', 'data'], system)).toBe(1);
    expect(system.printed()).toMatch(message);
    expect(system.printed()).toContain('closed\n');
    const state = join(system.home, '.local/state/vigilant');
    expect(readdirSync(join(state, 'run'))).toEqual([]);
    const [windows = ''] = readdirSync(join(state, 'windows'));
    expect(readdirSync(join(state, 'windows', windows))).toEqual([]);
  });

  it.each([
    ['absent.db', 'absent.db does not exist.'],
    ['.', 'events.db does not exist.'],
    ['/dev/null', '/dev/null is not a file.'],
  ])('returns 1 for the file %s', async (file, message) => {
    const system = createTestSystem();
    expect(await runCli(['desktop', file], system)).toBe(1);
    expect(system.printed()).toContain(message);
  });

  it('returns 1 and names the folder of events that cannot be opened', async () => {
    const system = createTestSystem();
    writeFileSync(join(system.home, 'data'), 'a file');
    expect(await runCli(['desktop', '--data', 'data'], system)).toBe(1);
    expect(system.printed()).toContain(`The events in ${join(system.home, 'data')} cannot be opened: `);
  });

  it('creates a state folder that only its user may open', async () => {
    const system = createTestSystem();
    expect(await runCli(['desktop', '--servers'], system)).toBe(0);
    const state = join(system.home, '.local/state/vigilant');
    expect(existsSync(state) && statSync(state).mode & 0o777).toBe(0o700);
    expect(system.printed()).toContain('no server has been used yet; run `vigilant desktop --connect URL`');
  });
});
