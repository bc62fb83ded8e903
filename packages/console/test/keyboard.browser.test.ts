import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { eventually, launch, openPage, untilLoaded } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { shopEvents } from './support/shop';

const TIMEOUT_MS = 90_000;

describeWithService('chromium', 'the keyboard', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole()]);
    await server.seed(shopEvents(2_000, Date.now() - 1_000, 3_000_000));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it(
    'is enough to find the first declined payment, see what happened around it, and share it',
    async () => {
      const { events } = await server.vigilant.query('declined', { order: 'oldest', limit: 1, since: '1h' });
      const expected = events[0]?.id ?? '';
      const { page, faults, close } = await openPage(browser, server.server.url, {
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const focused = (): Promise<string | null> =>
        page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
      await untilLoaded(page);

      await page.keyboard.press('/');
      await page.keyboard.type('declined');
      await page.keyboard.press('Enter');
      await eventually(async () => {
        expect(await page.locator('.r.ev .m').first().innerText()).toContain('declined');
        expect(await page.locator('.sum .total').innerText()).not.toContain('2,000');
      });
      await page.keyboard.press('Escape');
      await page.keyboard.press('G');
      await eventually(async () =>
        expect(await focused()).toMatch(/^ERROR .* billing: payment \d+ declined/),
      );
      await page.keyboard.press('Enter');
      await eventually(() => expect(new URL(page.url()).searchParams.get('id')).toBe(expected));

      await page.keyboard.press('c');
      await page.locator('.context .r.ev').nth(1).waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      await page.keyboard.press('Escape');
      await page.keyboard.press('y');
      await eventually(async () => {
        const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
        expect(link.searchParams.get('id')).toBe(expected);
        expect(link.searchParams.get('since')).not.toBeNull();
        expect(link.searchParams.get('range')).toBe('1h');
      });
      await page.keyboard.press('Escape');
      await eventually(async () => expect(await page.locator('.detail').count()).toBe(0));
      await eventually(async () => expect(await focused()).toMatch(/declined/));
      expect(faults).toEqual([]);
      await close();
    },
    TIMEOUT_MS,
  );

  it(
    'moves from the query to the rows with ArrowDown after a search, and says so',
    async () => {
      const { page, close } = await openPage(browser, server.server.url);
      const focused = (): Promise<string | null> =>
        page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex') ?? null);
      await untilLoaded(page);
      await page.keyboard.press('/');
      await page.keyboard.type('declined');
      expect(await page.locator('.query').innerText()).not.toContain('↓');
      await page.keyboard.press('Enter');
      await page.locator('.query').getByText('↓').waitFor();
      await page.keyboard.press('ArrowDown');
      await eventually(async () => expect(await focused()).toBe('2'));
      await page.keyboard.press('ArrowDown');
      await eventually(async () => expect(await focused()).toBe('3'));
      expect(await page.locator('.query').innerText()).not.toContain('↓');
      await page.keyboard.press('/');
      await page.locator('.query').getByText('↓').waitFor();
      await page.evaluate(() => {
        const press = (key: string) =>
          document.activeElement?.dispatchEvent(
            new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
          );
        press('ArrowDown');
        press('G');
      });
      const last = `${(await server.vigilant.query('declined', { since: '1h', limit: 200 })).events.length + 1}`;
      await eventually(async () => expect(await focused()).toBe(last));
      await close();
    },
    TIMEOUT_MS,
  );

  it(
    'reaches the rows with the first press of Tab, by the link that skips the rest',
    async () => {
      const { page, close } = await openPage(browser, server.server.url);
      await untilLoaded(page);
      for (const key of ['Tab', 'Enter']) await page.keyboard.press(key);
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex'))).toBe('2');
      await close();
    },
    TIMEOUT_MS,
  );

  it(
    'moves to the next and the previous ERROR, and never acts while the user types',
    async () => {
      const { page, close } = await openPage(browser, server.server.url);
      const label = (): Promise<string> =>
        page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
      await untilLoaded(page);
      await page.keyboard.press('n');
      await eventually(async () => expect(await label()).toMatch(/^ERROR/));
      const first = await label();
      await page.keyboard.press('n');
      await eventually(async () => expect(await label()).not.toBe(first));
      await page.keyboard.press('N');
      await eventually(async () => expect(await label()).toBe(first));

      await page.keyboard.press('/');
      await page.keyboard.type('gjkn?');
      const query = page.getByRole('combobox', { name: 'Query' });
      expect(await query.inputValue()).toBe('gjkn?');
      // AltGr, as some systems report it.
      const isTyped = await query.evaluate((input) => {
        const altGr = { ctrlKey: true, altKey: true, modifierAltGraph: true };
        return input.dispatchEvent(
          new KeyboardEvent('keydown', { key: '[', ...altGr, bubbles: true, cancelable: true }),
        );
      });
      expect(isTyped).toBe(true);
      expect(await page.getByRole('dialog').count()).toBe(0);
      await close();
    },
    TIMEOUT_MS,
  );

  it(
    'lists its keys, which can be turned off',
    async () => {
      const { page, close } = await openPage(browser, server.server.url);
      await untilLoaded(page);
      await page.keyboard.press('?');
      const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
      await dialog.waitFor();
      await dialog.getByRole('switch', { name: 'Use single-key shortcuts' }).uncheck();
      await page.keyboard.press('Escape');
      await eventually(async () => expect(await dialog.count()).toBe(0));
      await page.keyboard.press('?');
      await page.keyboard.press('j');
      expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).not.toBe('row');
      expect(await dialog.count()).toBe(0);
      await close();
    },
    TIMEOUT_MS,
  );

  it(
    'changes keys by keyboard, reports conflicts, and resets them',
    async () => {
      const { page, faults, close } = await openPage(browser, server.server.url);
      await untilLoaded(page);
      await page.keyboard.press('?');
      const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
      const status = dialog.getByRole('status');
      await dialog.getByRole('button', { name: 'Change j: Next row' }).focus();
      await page.keyboard.press('Enter');
      await status.getByText('Press the new key for "Next row".').waitFor();
      await page.keyboard.press('t');
      await status.getByText('t is already assigned to "Show new events as they arrive".').waitFor();
      await page.keyboard.press('Control+c');
      await status.getByText('Ctrl+C is reserved for the browser.').waitFor();
      await page.keyboard.press('w');
      await status.getByText('w is now assigned to "Next row".').waitFor();
      await eventually(async () =>
        expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
          'Change w: Next row',
        ),
      );
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      expect(await dialog.count()).toBe(1);

      await dialog.getByRole('button', { name: 'Change c: Context of the event' }).click();
      await page.keyboard.press('Delete');
      await dialog.getByRole('button', { name: 'Add a key: Context of the event' }).waitFor();
      await page.keyboard.press('Enter');
      await page.keyboard.press(' ');
      await status.getByText('Space is already assigned to "Pause or resume".').waitFor();
      await page.keyboard.press('v');
      await dialog.getByRole('button', { name: 'Change v: Context of the event' }).waitFor();
      await page.keyboard.press('Escape');
      await eventually(async () => expect(await dialog.count()).toBe(0));

      await page.reload();
      await untilLoaded(page);
      await page.keyboard.press('j');
      expect(await page.locator('.r.ev:focus').count()).toBe(0);
      await page.keyboard.press('w');
      await page.locator('.r.ev:focus').waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^Context v/ }).waitFor();
      await page.keyboard.press('v');
      await page.locator('.context .r.ev').first().waitFor();

      await page.keyboard.press('?');
      await dialog.getByRole('button', { name: 'Reset: Next row' }).click();
      await dialog.getByRole('button', { name: 'Change j: Next row' }).waitFor();
      await dialog.getByRole('button', { name: 'Reset all shortcuts' }).click();
      await dialog.getByRole('button', { name: 'Change c: Context of the event' }).waitFor();
      expect(faults).toEqual([]);
      await close();
    },
    TIMEOUT_MS,
  );
});
