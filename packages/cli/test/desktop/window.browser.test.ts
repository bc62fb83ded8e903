import { createVigilant } from '@vigilant/core';
import { consoleFiles } from '@vigilant/console';
import { serveHttp } from '@vigilant/http';
import { sqlite } from '@vigilant/store-sqlite';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { ensureBuilt } from '../../../../scripts/lib/setup.mjs';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import type { Home } from '../support/desktop-process';
import { createHome, pagesOf, untilOpen } from '../support/desktop-process';
import type { Display } from '../support/display';
import { startDisplay } from '../support/display';

const TIMEOUT_MS = 180_000;

/** Building all packages takes minutes on a busy machine. `npm test` has built them before. */
const BUILD_MS = 600_000;

describeWithService('chromium', 'vigilant desktop', (chromiumPath) =>
  describeWithService('xvfb', 'on a display', (xvfb) => {
    let display: Display;

    beforeAll(async () => {
      await ensureBuilt();
      display = await startDisplay(xvfb);
    }, BUILD_MS);
    afterAll(() => display?.close());

    /** Creates a home, and ends what a failed test leaves running in it. */
    function newHome(): Home {
      const home = createHome(chromiumPath, display.name);
      onTestFinished(() => home.delete());
      return home;
    }

    /** Starts the command and waits for its window. */
    async function open(home: Home, ...args: readonly string[]) {
      const command = home.run('desktop', ...args);
      onTestFinished(async () => {
        command.kill('SIGTERM');
        await command.ended;
      });
      const browser = await Promise.race([
        home.connect(),
        command.ended.then(() => Promise.reject(new Error(command.output()))),
      ]);
      const [page] = await untilOpen(browser);
      if (page === undefined) throw new Error('The window did not open.');
      return { command, browser, page };
    }

    it(
      'shows the events of the folder, in a page whose address has no secret',
      async () => {
        const home = newHome();
        const vigilant = createVigilant(sqlite(home.data));
        await vigilant.log({ message: 'order placed' });
        await vigilant.close();
        const { page } = await open(home, '--data', home.data);
        await page.locator('.r.ev', { hasText: 'order placed' }).waitFor();
        expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
        await page.reload();
        await page.locator('.r.ev', { hasText: 'order placed' }).waitFor();
        expect(await page.locator('meta[name=vigilant-session]').count()).toBe(0);
      },
      TIMEOUT_MS,
    );

    it(
      'deletes the file that opened the window, and keeps the token out of all command lines',
      async () => {
        const home = newHome();
        const { page } = await open(home, '--data', home.data);
        const [windows = ''] = readdirSync(join(home.state, 'windows'));
        await expect.poll(() => readdirSync(join(home.state, 'windows', windows))).toEqual([]);
        const token = await tokenOf(page);
        expect(token).toMatch(/^[\w-]{43}$/);
        const commands = readdirSync('/proc')
          .filter((name) => /^\d+$/.test(name))
          .map(commandLine);
        expect(commands.filter((text) => text.includes('window.html'))).not.toEqual([]);
        expect(commands.filter((text) => text.includes(token))).toEqual([]);
      },
      TIMEOUT_MS,
    );

    it(
      'rejects requests without the token of the session, and says what to do',
      async () => {
        const home = newHome();
        const { page } = await open(home, '--data', home.data);
        const status = new URL('v1/status', page.url());
        expect((await fetch(status)).status).toBe(401);
        const authorization = `Bearer ${await tokenOf(page)}`;
        expect((await fetch(status, { headers: { authorization } })).status).toBe(200);
        await page.getByText('Only this window can use its server.').waitFor();
        await page.evaluate('sessionStorage.clear()');
        await page.reload();
        await page.getByText('Close the window and run `vigilant desktop` again.').waitFor();
      },
      TIMEOUT_MS,
    );

    it(
      'opens another window for a second start, which exits with 0',
      async () => {
        const home = newHome();
        const { browser, command } = await open(home, '--data', home.data);
        const second = home.run('desktop', '--data', home.data);
        expect(await second.ended).toBe(0);
        expect(second.output()).toContain(`opened another window of ${home.data}`);
        const pages = await untilOpen(browser, 2);
        await pages[0]?.close();
        await expect.poll(() => pagesOf(browser)).toHaveLength(1);
        await pages[1]?.close();
        expect(await command.ended).toBe(0);
      },
      TIMEOUT_MS,
    );

    it(
      'ends with the window, and writes the events that were logged in it',
      async () => {
        const home = newHome();
        const { command, page } = await open(home, '--data', home.data);
        await page.goto(new URL('send', page.url()).href);
        await page.getByLabel('Message', { exact: true }).fill('sent from the window');
        await page.getByRole('button', { name: 'Send' }).click();
        await page.getByRole('link', { name: 'Open in Explore' }).waitFor();
        const { href } = new URL('livez', page.url());
        await page.close();
        expect(await command.ended).toBe(0);
        expect(command.output()).toContain('closed; 1 events stored');
        await expect(fetch(href)).rejects.toThrow();
      },
      TIMEOUT_MS,
    );

    it.each(['SIGTERM', 'SIGINT'] as const)(
      'closes the window and the server on %s',
      async (signal) => {
        const home = newHome();
        const { command, browser, page } = await open(home, '--data', home.data);
        const { href } = new URL('livez', page.url());
        const disconnected = new Promise((resolve) => browser.once('disconnected', resolve));
        command.kill(signal);
        expect(await command.ended).toBe(0);
        await disconnected;
        await expect(fetch(href)).rejects.toThrow();
      },
      TIMEOUT_MS,
    );

    it(
      'opens a window again after the command was killed',
      async () => {
        const home = newHome();
        const first = await open(home, '--data', home.data);
        first.command.kill('SIGKILL');
        await first.command.ended;
        const second = home.run('desktop', '--data', home.data);
        onTestFinished(() => second.kill('SIGKILL'));
        const pages = await untilOpen(first.browser, 2);
        for (const page of pages) await page.close();
        expect(await second.ended).toBe(0);
      },
      TIMEOUT_MS,
    );

    it(
      'shows the events of a file, which it does not change',
      async () => {
        const home = newHome();
        const vigilant = createVigilant(sqlite(home.data));
        await vigilant.log({ message: 'order placed' });
        await vigilant.close();
        const content = readdirSync(home.data).map((name) => [name, statSync(join(home.data, name)).mtimeMs]);
        const { command, page } = await open(home, join(home.data, 'events.db'));
        await page.locator('.r.ev', { hasText: 'order placed' }).waitFor();
        const headers = {
          authorization: `Bearer ${await tokenOf(page)}`,
          'content-type': 'application/json',
        };
        const events = new URL('v1/events', page.url());
        const answer = await fetch(events, { method: 'POST', headers, body: '{"message":"m"}' });
        expect(answer.ok).toBe(false);
        await page.close();
        expect(await command.ended).toBe(0);
        expect(command.output()).toContain('events.db, read-only\n');
        expect(readdirSync(home.data).map((name) => [name, statSync(join(home.data, name)).mtimeMs])).toEqual(
          content,
        );
      },
      TIMEOUT_MS,
    );

    it(
      'shows the console of another server, and leaves the server running',
      async () => {
        const home = newHome();
        const vigilant = createVigilant();
        const server = await serveHttp(vigilant, { port: 0, console: consoleFiles });
        onTestFinished(async () => {
          await server.close({ graceMs: 0 });
          await vigilant.close();
        });
        const { command, page } = await open(home, '--connect', server.url);
        expect(page.url()).toBe(server.url);
        await page.close();
        expect(await command.ended).toBe(0);
        expect((await fetch(server.url)).status).toBe(200);
        // Without a URL, the command connects to the server that was used last.
        const { page: again } = await open(home, '--connect');
        expect(again.url()).toBe(server.url);
      },
      TIMEOUT_MS,
    );

    it(
      'opens the window where it was, with the same address',
      async () => {
        const home = newHome();
        const first = await open(home, '--data', home.data);
        const session = await first.browser.newBrowserCDPSession();
        const { targetInfos } = await session.send('Target.getTargets');
        const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId ?? '';
        const { windowId } = await session.send('Browser.getWindowForTarget', { targetId });
        const bounds = { left: 210, top: 120, width: 900, height: 640 };
        await session.send('Browser.setWindowBounds', { windowId, bounds });
        const url = first.page.url();
        await first.page.close();
        await first.command.ended;
        const { page } = await open(home, '--data', home.data);
        expect(page.url()).toBe(url);
        const place = '({ left: screenX, top: screenY, width: outerWidth, height: outerHeight })';
        await expect.poll(() => page.evaluate(place)).toEqual(bounds);
      },
      TIMEOUT_MS,
    );
  }),
);

/** Returns the token that a page keeps. */
function tokenOf(page: Page): Promise<string> {
  return page.evaluate<string>("sessionStorage.getItem('vigilant-session')");
}

function commandLine(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch {
    // The process has ended.
    return '';
  }
}
