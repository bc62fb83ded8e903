import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { eventually, launch, untilLoaded, usePage, type TestPage } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { shopEvents } from './support/shop';

const TIMEOUT_MS = 90_000;

describeWithService('chromium', 'panels', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole()]);
    await server.seed(shopEvents(500, Date.now() - 1_000, 3_000_000));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Runs a test on a page, which must not have failed in any way at its end. */
  const test = (
    title: string,
    path: string,
    options: BrowserContextOptions,
    run: (page: Page, opened: TestPage) => Promise<void>,
  ) =>
    it(
      title,
      () =>
        usePage(
          browser,
          server.server.url + path,
          async (page, opened) => {
            await untilLoaded(page);
            await run(page, opened);
          },
          options,
        ),
      TIMEOUT_MS,
    );

  const widthOf = async (panel: Locator): Promise<number> =>
    Math.round((await panel.boundingBox())?.width ?? 0);
  const facets = (page: Page) => page.locator('#panel-facets');
  const detail = (page: Page) => page.locator('#panel-detail');
  const separator = (page: Page, name: string) => page.getByRole('separator', { name });

  /** Drags a separator sideways. */
  async function drag(page: Page, handle: Locator, by: number): Promise<void> {
    const box = await handle.boundingBox();
    if (box === null) throw new Error('The separator is not visible.');
    const [x, y] = [box.x + box.width / 2, box.y + 200];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + by, y, { steps: 4 });
    await page.mouse.up();
  }

  test(
    'become wider and narrower by mouse, keep that, and reset by a double click',
    '?range=all&id=shop-0000100',
    {},
    async (page) => {
      const [ofFacets, ofDetail] = [
        separator(page, 'Width of the facet panel'),
        separator(page, 'Width of the detail panel'),
      ];
      await ofDetail.waitFor();
      expect([await widthOf(facets(page)), await widthOf(detail(page))]).toEqual([240, 420]);
      await drag(page, ofFacets, 60);
      await drag(page, ofDetail, -80);
      await eventually(async () =>
        expect([await widthOf(facets(page)), await widthOf(detail(page))]).toEqual([300, 500]),
      );
      expect(await ofFacets.getAttribute('aria-valuenow')).toBe('300');
      await page.reload();
      await untilLoaded(page);
      await ofDetail.waitFor();
      expect([await widthOf(facets(page)), await widthOf(detail(page))]).toEqual([300, 500]);
      await drag(page, ofFacets, -900);
      await eventually(async () => expect(await widthOf(facets(page))).toBe(180));
      await ofFacets.dblclick();
      await ofDetail.dblclick();
      await eventually(async () =>
        expect([await widthOf(facets(page)), await widthOf(detail(page))]).toEqual([240, 420]),
      );
    },
  );

  test(
    'change by arrow keys, Home and End, within their limits',
    '?range=all&id=shop-0000100',
    {},
    async (page) => {
      const handle = separator(page, 'Width of the detail panel');
      await handle.focus();
      await page.keyboard.press('ArrowLeft');
      await eventually(async () => expect(await widthOf(detail(page))).toBe(436));
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await eventually(async () => expect(await widthOf(detail(page))).toBe(404));
      await page.keyboard.press('Home');
      await eventually(async () => expect(await widthOf(detail(page))).toBe(320));
      await page.keyboard.press('End');
      await eventually(async () => expect(await widthOf(detail(page))).toBe(720));
      expect([
        await handle.getAttribute('aria-valuenow'),
        await handle.getAttribute('aria-valuemax'),
      ]).toEqual(['720', '720']);
      expect(await page.locator('.detail').count()).toBe(1);
    },
  );

  test('move with the arrow in a right-to-left language', '?lang=ar-XB', {}, async (page) => {
    const handle = page.locator('.split.of-facets');
    await handle.focus();
    await page.keyboard.press('ArrowLeft');
    await eventually(async () => expect(await widthOf(facets(page))).toBe(256));
    await drag(page, handle, -44);
    await eventually(async () => expect(await widthOf(facets(page))).toBe(300));
  });

  test('leave room for the rows in a narrow window', '', {}, async (page) => {
    await separator(page, 'Width of the facet panel').focus();
    await page.keyboard.press('End');
    await eventually(async () => expect(await widthOf(facets(page))).toBe(432));
    await page.setViewportSize({ width: 1100, height: 800 });
    await eventually(async () => expect(await widthOf(facets(page))).toBe(330));
  });

  test('stay collapsed after a reload, and are shown again by a button', '', {}, async (page) => {
    await page.getByRole('button', { name: 'Hide facets ([)' }).click();
    await eventually(async () => expect(await facets(page).isVisible()).toBe(false));
    expect(await page.locator('.split.of-facets').isVisible()).toBe(false);
    await page.reload();
    await untilLoaded(page);
    expect(await facets(page).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Facets', exact: true }).click();
    await eventually(async () => expect(await facets(page).isVisible()).toBe(true));
    expect(await page.getByRole('button', { name: 'Facets', exact: true }).isVisible()).toBe(false);
  });

  test(
    'are reached by a button where the detail has taken the place of the facets',
    '?range=all&id=shop-0000100',
    { viewport: { width: 1100, height: 800 } },
    async (page) => {
      await page.locator('.detail').waitFor();
      expect(await facets(page).isVisible()).toBe(false);
      await page.getByRole('button', { name: 'Facets', exact: true }).click();
      await eventually(async () => expect(await facets(page).isVisible()).toBe(true));
    },
  );

  test('do not repeat the search when a setting changes', '', {}, async (page, { requests }) => {
    await page.locator('.facets .cnt').first().waitFor();
    const searches = (): number => requests.filter((url) => url.includes('v1/events?')).length;
    const before = searches();
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
    await separator(page, 'Width of the facet panel').focus();
    await page.keyboard.press('End');
    await eventually(async () => expect(await widthOf(facets(page))).toBe(432));
    expect(searches()).toBe(before);
  });
});
