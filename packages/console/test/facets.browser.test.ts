import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { findings } from './support/axe';
import { eventually, launch, untilLoaded, usePage, type TestPage } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { shopEvents } from './support/shop';

const TIMEOUT_MS = 90_000;

describeWithService('chromium', 'facets', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole()]);
    const now = Date.now() - 1_000;
    const rare = Array.from({ length: 12 }, (_, index) => ({
      message: 'x',
      source: `worker-${index}`,
      timestamp: now,
    }));
    await server.seed([
      ...shopEvents(1_000, now, 3_000_000),
      ...rare,
      { message: 'y', source: 'zebra', timestamp: now },
    ]);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Runs a test on a page, which must not have failed in any way at its end. */
  const test = (title: string, run: (page: Page, opened: TestPage) => Promise<void>) =>
    it(
      title,
      () =>
        usePage(browser, server.server.url, async (page, opened) => {
          await untilLoaded(page);
          await page.locator('.facets .cnt').first().waitFor();
          await run(page, opened);
        }),
      TIMEOUT_MS,
    );

  const query = (page: Page): string | null => new URL(page.url()).searchParams.get('q');
  const titles = (page: Page): Promise<string[]> => page.locator('.facets h2').allInnerTexts();
  const button = (page: Page, name: string) =>
    page.locator('.facets').getByRole('button', { name, exact: true });

  test('show only, exclude and combine values by keyboard', async (page) => {
    await button(page, 'billing').focus();
    await page.keyboard.press('Enter');
    await eventually(() => expect(query(page)).toBe('source:billing'));
    await button(page, 'gateway').focus();
    await page.keyboard.press('Alt+Enter');
    await eventually(() => expect(query(page)).toBe('source:billing -source:gateway'));
    await page.getByRole('checkbox', { name: 'catalog' }).focus();
    await page.keyboard.press('Space');
    await eventually(() => expect(query(page)).toBe('source:billing,catalog -source:gateway'));
    await button(page, 'Not catalog').focus();
    await page.keyboard.press('Enter');
    await eventually(() => expect(query(page)).toBe('source:billing -source:gateway -source:catalog'));
  });

  test('find values that are too rare to be shown', async (page) => {
    expect(await button(page, 'zebra').count()).toBe(0);
    await page.getByRole('textbox', { name: 'Find a field or value' }).fill('ZEB');
    await button(page, 'zebra').click();
    await eventually(() => expect(query(page)).toBe('source:zebra'));
  });

  test('are searched once while other events are opened', async (page, { requests }) => {
    const searches = (): number => requests.filter((url) => url.includes('limit=100')).length;
    await page.getByRole('textbox', { name: 'Find a field or value' }).fill('zeb');
    await button(page, 'zebra').waitFor();
    for (const index of [0, 1, 2]) {
      const row = page.locator('.r.ev').nth(index);
      await row.click();
      await eventually(async () => expect(await row.getAttribute('aria-selected')).toBe('true'));
      await page.waitForTimeout(100);
    }
    expect(searches()).toBe(1);
  });

  test('are pinned to the top, ordered and unpinned, which is kept', async (page) => {
    expect((await titles(page)).slice(0, 2)).toEqual(['Level', 'Source']);
    await button(page, 'Pin a field').click();
    await page
      .getByRole('dialog', { name: 'Pin a field' })
      .getByRole('button', { name: 'data.userId' })
      .click();
    await eventually(async () => expect((await titles(page))[0]).toBe('data.userId'));
    await button(page, 'Pin Group').focus();
    await page.keyboard.press('Enter');
    await eventually(async () => expect((await titles(page)).slice(0, 2)).toEqual(['data.userId', 'Group']));
    await button(page, 'Move Group up').focus();
    await page.keyboard.press('Enter');
    await eventually(async () => expect((await titles(page)).slice(0, 2)).toEqual(['Group', 'data.userId']));
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Pin Group');
    expect(await findings(page)).toEqual([]);
    await page.reload();
    await untilLoaded(page);
    await eventually(async () => expect((await titles(page)).slice(0, 2)).toEqual(['Group', 'data.userId']));
    await button(page, 'Pin Group').click();
    await button(page, 'Pin data.userId').click();
    await eventually(async () => expect((await titles(page))[0]).toBe('Level'));
    expect(await titles(page)).toContain('data.userId');
    await button(page, 'Remove data.userId').click();
    await eventually(async () => expect(await titles(page)).not.toContain('data.userId'));
  });

  test('stay visible without a value while they are pinned', async (page) => {
    await button(page, 'Pin Tag').click();
    await page.getByRole('checkbox', { name: 'DEBUG' }).check();
    await page.getByRole('checkbox', { name: 'worker', exact: true }).check();
    await page.locator('.facets').getByText('No values in these events.').waitFor();
    expect(await titles(page)).toContain('Tag');
  });
});
