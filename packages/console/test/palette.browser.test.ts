import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { eventually, launch, untilLoaded, usePage } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { shopEvents } from './support/shop';

const TIMEOUT_MS = 90_000;

describeWithService('chromium', 'the command palette', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole()]);
    await server.seed(shopEvents(500, Date.now() - 1_000, 3_000_000));
    await server.vigilant.views.create({
      name: 'Declined payments',
      filter: 'declined level:ERROR',
      since: '30m',
    });
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Runs a test on a page, which must not have failed in any way at its end. */
  const test = (title: string, run: (page: Page) => Promise<void>, path = '') =>
    it(
      title,
      () =>
        usePage(browser, server.server.url + path, async (page) => {
          await untilLoaded(page);
          await run(page);
        }),
      TIMEOUT_MS,
    );

  const state = (page: Page): URLSearchParams => new URL(page.url()).searchParams;
  const palette = (page: Page) => page.getByRole('dialog', { name: 'Command palette' });
  const input = (page: Page) => page.getByRole('combobox', { name: 'Command palette' });
  /** Opens the palette, types a text and waits until an option is chosen. */
  async function find(page: Page, text: string, option: RegExp): Promise<void> {
    await page.keyboard.press('Control+k');
    await input(page).waitFor();
    await page.keyboard.type(text);
    await palette(page).getByRole('option', { name: option, selected: true }).waitFor();
  }
  const isClosed = (page: Page) => eventually(async () => expect(await palette(page).count()).toBe(0));

  test('opens by its key also while a field has the focus, and returns the focus with Escape', async (page) => {
    await page.keyboard.press('/');
    await page.keyboard.press('Control+k');
    await input(page).waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Command palette',
    );
    await page.keyboard.press('Escape');
    await isClosed(page);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Query');
  });

  test('is closed by its own key', async (page) => {
    await page.keyboard.press('Control+k');
    await input(page).waitFor();
    await page.keyboard.press('Control+k');
    await isClosed(page);
  });

  test('runs an action on the row that had the focus', async (page) => {
    await page.keyboard.press('j');
    await page.locator('.r.ev:focus').waitFor();
    await find(page, 'open details', /^Open the details/);
    await page.keyboard.press('Enter');
    await page.locator('.detail').waitFor();
    await eventually(() => expect(state(page).get('id')).toBe('shop-0000499'));
  });

  test('reports an action that needs an event while there is none', async (page) => {
    await find(page, 'copy markdown', /^Copy the event as Markdown/);
    await page.keyboard.press('Enter');
    await page.locator('.toast').getByText('the action needs an event').waitFor();
  });

  test('opens a page, a saved view and a recent search', async (page) => {
    await find(page, 'over', /^Overview/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Newest errors' }).waitFor();
    await find(page, 'declined', /^Declined payments/);
    await page.keyboard.press('Enter');
    await eventually(() =>
      expect([state(page).get('q'), state(page).get('range')]).toEqual(['declined level:ERROR', '30m']),
    );
    await page.keyboard.press('/');
    await page.keyboard.type('source:auth');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await find(page, 'view declined', /^Declined payments/);
    await page.keyboard.press('Enter');
    await eventually(() => expect(state(page).get('q')).toBe('declined level:ERROR'));
    await find(page, 'source:auth', /^source:auth/);
    await page.keyboard.press('Enter');
    await eventually(() => expect(state(page).get('q')).toBe('source:auth'));
  });

  test('changes the theme, the language, the height of the rows and the time zone', async (page) => {
    await find(page, 'dark', /^Dark/);
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await page.locator('html').getAttribute('data-theme')).toBe('dark'));
    await find(page, 'zone berlin', /^Europe\/Berlin/);
    await page.keyboard.press('Enter');
    await eventually(() => expect(state(page).get('tz')).toBe('Europe/Berlin'));
    await find(page, '20 px', /^20 px rows/);
    await page.keyboard.press('Enter');
    await eventually(async () =>
      expect(await page.locator('html').getAttribute('data-density')).toBe('compact'),
    );
    await find(page, 'deutsch', /^Deutsch/);
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await page.locator('html').getAttribute('lang')).toBe('de'));
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Befehlspalette' }).waitFor();
    await page.keyboard.type('farbschema');
    await page.getByRole('option', { name: /^aktuell\s*Dunkel/ }).waitFor();
  });

  test('works by mouse', async (page) => {
    await page.getByRole('button', { name: 'Command palette (Ctrl+K)' }).click();
    await input(page).fill('last row');
    await palette(page)
      .getByRole('option', { name: /^Last row/ })
      .click();
    await isClosed(page);
    await page.locator('.r.ev:focus').waitFor();
    await page.getByRole('button', { name: 'Command palette (Ctrl+K)' }).click();
    await input(page).waitFor();
    await page.mouse.click(20, 600);
    await isClosed(page);
  });

  test('moves through the options with arrow keys, around the ends', async (page) => {
    await page.keyboard.press('Control+k');
    const chosen = palette(page).getByRole('option', { selected: true });
    await chosen.waitFor();
    const first = await chosen.innerText();
    await page.keyboard.press('ArrowUp');
    await eventually(async () => expect(await chosen.innerText()).not.toBe(first));
    await page.keyboard.press('ArrowDown');
    await eventually(async () => expect(await chosen.innerText()).toBe(first));
    await page.keyboard.type('nothing like this');
    await palette(page).getByText('No results.').waitFor();
    await page.keyboard.press('Enter');
    expect(await palette(page).count()).toBe(1);
  });

  test(
    'a dialog closes with Escape without closing the detail behind it',
    async (page) => {
      for (const key of ['?', 'Control+k', 'Control+s']) {
        await page.keyboard.press(key);
        await page.getByRole('dialog').waitFor();
        await page.keyboard.press('Escape');
        await eventually(async () => expect(await page.getByRole('dialog').count()).toBe(0));
        expect(await page.locator('.detail').count()).toBe(1);
      }
    },
    '?range=all&id=shop-0000100',
  );
});
