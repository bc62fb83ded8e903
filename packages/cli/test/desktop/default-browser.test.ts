import { createManualClock } from '@vigilant/core';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/command/run-cli';
import { createTestSystem } from '../support/test-system';

/** Runs `vigilant desktop` on a system without Chromium, where `xdg-open` is a script. */
function start(script: string | undefined) {
  const stopping = new AbortController();
  const clock = createManualClock();
  const initial = createTestSystem();
  const system = {
    ...initial,
    env: { DISPLAY: ':0', PATH: join(initial.home, 'bin'), PAGE: join(initial.home, 'page.html') },
    stopping: stopping.signal,
    clock,
  };
  mkdirSync(join(system.home, 'bin'));
  if (script !== undefined) {
    writeFileSync(join(system.home, 'bin', 'xdg-open'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(system.home, 'bin', 'xdg-open'), 0o755);
  }
  const ended = runCli(['desktop', '--data', 'data'], system);
  return { system, clock, stopping, ended, page: system.env.PAGE };
}

/** Keeps the page that a browser would show. */
const KEEP = '/bin/cp "${1#file://}" "$PAGE.part" && /bin/mv "$PAGE.part" "$PAGE"';

/** Posts the form of a page, as a browser does. Resolves to the status. */
async function submit(page: string): Promise<number> {
  await vi.waitFor(() => expect(existsSync(page)).toBe(true), { timeout: 20_000 });
  const [, action = '', ticket = ''] =
    /action="([^"]*)">[^]*name="ticket" value="([^"]*)"/.exec(readFileSync(page, 'utf8')) ?? [];
  const headers = { origin: 'null', 'content-type': 'application/x-www-form-urlencoded' };
  return new Promise((resolve, reject) => {
    const outgoing = request(action, { method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    outgoing.on('error', reject).end(`ticket=${ticket}`);
  });
}

describe('vigilant desktop with the default browser', () => {
  it('prints why it is used, and ends on Ctrl+C', async () => {
    const { system, stopping, ended, page } = start(KEEP);
    expect(await submit(page)).toBe(200);
    stopping.abort();
    expect(await ended).toBe(0);
    expect(system.printed()).toContain(
      'so the default browser shows the console. The command ends with Ctrl+C,',
    );
    expect(system.printed()).not.toContain('closing the window');
  });

  it('ends on Ctrl+C while the browser starts', async () => {
    const { clock, stopping, ended, page } = start(`${KEEP}; exec /bin/sleep 60`);
    await vi.waitFor(() => expect(existsSync(page)).toBe(true), { timeout: 20_000 });
    stopping.abort();
    expect(await ended).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends 30 minutes after the page was last used', async () => {
    const { clock, ended, page } = start(KEEP);
    expect(await submit(page)).toBe(200);
    await expect.poll(() => clock.pendingTimers).toBe(1);
    await clock.advance(31 * 60_000);
    expect(await ended).toBe(0);
  });

  it('deletes the file and fails if the page does not open within 30 s', async () => {
    const { system, clock, ended, page } = start(KEEP);
    await vi.waitFor(() => expect(existsSync(page)).toBe(true), { timeout: 20_000 });
    await expect.poll(() => clock.pendingTimers).toBe(2);
    await clock.advance(30_000);
    expect(await ended).toBe(1);
    expect(system.printed()).toContain('the default browser did not open the window within 30 s.');
  });

  it.each([
    ['exit 3', 'xdg-open ended with exit code 3. Install Chromium, Chrome, Edge or Brave'],
    [undefined, 'xdg-open cannot be started: spawn xdg-open ENOENT. Install Chromium'],
  ])('fails if xdg-open is "%s"', async (script, message) => {
    const { system, ended } = start(script);
    expect(await ended).toBe(1);
    expect(system.printed()).toContain(message);
  });
});
