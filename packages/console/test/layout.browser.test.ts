import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { eventually, launch, usePage, untilLoaded } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { shopEvents } from './support/shop';

const TIMEOUT_MS = 90_000;
const PHONE = { viewport: { width: 390, height: 844 } };
const KEYS = 5_000;

describeWithService('chromium', 'layout', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole()]);
    const data = Object.fromEntries(Array.from({ length: KEYS }, (_, index) => [`key${index}`, index]));
    await server.seed([
      ...shopEvents(1_000, Date.now() - 1_000, 3_000_000),
      { id: 'many-keys', message: 'many keys', source: 'billing', data },
      { id: 'long-message', message: 'word '.repeat(12_000), source: 'billing' },
    ]);
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
    run: (page: Page) => Promise<void>,
  ) => it(title, () => usePage(browser, server.server.url + path, run, options), TIMEOUT_MS);

  const boxOf = async (page: Page, selector: string) => {
    const box = await page.locator(selector).first().boundingBox();
    if (box === null) throw new Error(`${selector} is not visible.`);
    return box;
  };

  for (const width of [1280, 390])
    for (const path of ['', '?lang=ar-XB'])
      test(
        `keeps the time range within a window of ${width} px at "${path}"`,
        path,
        { viewport: { width, height: 800 } },
        async (page) => {
          await untilLoaded(page);
          await page.keyboard.press('d');
          await page.locator('.picker').waitFor();
          await eventually(async () => {
            const box = await boxOf(page, '.popover:popover-open');
            expect(box.x).toBeGreaterThanOrEqual(0);
            expect(box.x + box.width).toBeLessThanOrEqual(width);
          });
        },
      );

  test('keeps the time range below its button when the window becomes narrower', '', {}, async (page) => {
    await untilLoaded(page);
    await page.keyboard.press('d');
    await page.locator('.picker').waitFor();
    await page.setViewportSize({ width: 800, height: 700 });
    await eventually(async () => {
      const [panel, button] = [await boxOf(page, '.popover:popover-open'), await boxOf(page, '.seg .main')];
      expect(panel.x + panel.width).toBeLessThanOrEqual(800);
      expect(panel.x).toBeLessThanOrEqual(button.x + button.width);
      expect(panel.y).toBeGreaterThanOrEqual(button.y + button.height);
    });
  });

  for (const width of [390, 320])
    test(
      `shows the context instead of the detail at ${width} px, and returns with Escape`,
      '',
      { viewport: { width, height: 844 } },
      async (page) => {
        await untilLoaded(page);
        await page.locator('.r.ev[data-index="30"]').click();
        const detail = page.locator('.detail');
        await detail.getByRole('button', { name: 'Context', exact: true }).click();
        await page.locator('.context .r.ev').first().waitFor();
        await eventually(async () => expect(await detail.isVisible()).toBe(false));
        expect(await page.locator('.context .anchor').isVisible()).toBe(true);
        await page.locator('.context .r.ev').first().click();
        await detail.waitFor();
        await detail.getByRole('button', { name: 'Close' }).click();
        await eventually(async () => expect(await detail.isVisible()).toBe(false));
        expect(await page.locator('.context').isVisible()).toBe(true);
        await page.keyboard.press('Escape');
        await eventually(async () => {
          expect(await page.locator('.context').count()).toBe(0);
          expect(await detail.isVisible()).toBe(true);
        });
      },
    );

  test('shows the page with an unknown time zone in the URL', '?tz=zz', {}, untilLoaded);

  test(
    'shows the first fields of an event that has thousands, and more on demand',
    '?id=many-keys&range=all',
    {},
    async (page) => {
      const leaves = page.locator('.detail .leaf');
      await leaves.first().waitFor();
      expect(await leaves.count()).toBe(200);
      await page.getByRole('button', { name: 'Show 200 more' }).click();
      await eventually(async () => expect(await leaves.count()).toBe(400));
    },
  );

  test(
    'shows ten lines of a long message, and all on demand',
    '?id=long-message&range=all',
    {},
    async (page) => {
      await page.locator('.detail .message').waitFor();
      const height = async (): Promise<number> => (await boxOf(page, '.detail .message')).height;
      await eventually(async () => expect(await height()).toBeLessThanOrEqual(220));
      await page
        .locator('.detail')
        .getByRole('button', { name: /^Show all/ })
        .click();
      await eventually(async () => expect(await height()).toBeGreaterThan(1_000));
    },
  );

  test('keeps the counts of facets dimmed until the new ones arrive', '', {}, async (page) => {
    await untilLoaded(page);
    await page.locator('.facets .cnt').first().waitFor();
    const opacity = (): Promise<string> =>
      page
        .locator('.facets .cnt')
        .first()
        .evaluate((node) => getComputedStyle(node).opacity);
    await eventually(async () => expect(await opacity()).toBe('1'));
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/v1/facets*', async (route) => released.then(() => route.continue()));
    await page.locator('.facets').getByRole('button', { name: 'billing', exact: true }).click();
    await eventually(async () => expect(await opacity()).toBe('0.5'));
    release();
    await eventually(async () => expect(await opacity()).toBe('1'));
  });

  test('reports below the buttons that an invalid query has no counts', '?q=sorce:x', {}, async (page) => {
    await page.locator('.query .error').first().waitFor();
    await eventually(async () => {
      expect(await page.locator('.facets').innerText()).toContain('could not be loaded');
    });
    const note = await boxOf(page, '.sum .by .clip');
    const tools = await boxOf(page, '.sum .tools');
    expect(note.y).toBeGreaterThanOrEqual(tools.y + tools.height);
  });

  test('marks the part of an incomplete histogram that was not counted', '', {}, async (page) => {
    await page.route('**/v1/histogram*', async (route) => {
      const response = await route.fetch();
      const histogram = (await response.json()) as { buckets: unknown[] };
      const buckets = histogram.buckets.slice(-5);
      await route.fulfill({ response, json: { ...histogram, buckets, complete: false } });
    });
    await page.reload();
    await untilLoaded(page);
    const hole = await boxOf(page, '.hist svg svg');
    const chart = await boxOf(page, '.hist');
    expect(hole.width).toBeGreaterThan(chart.width / 2);
    expect(await page.locator('.hist').textContent()).toContain('Not counted');
  });

  test('offers the values of the facets before the server has answered', '', {}, async (page) => {
    await untilLoaded(page);
    await page.locator('.facets .cnt').first().waitFor();
    await page.route('**/v1/facets*', () => undefined);
    await page.keyboard.press('/');
    await page.keyboard.type('source:bil');
    await page.getByRole('option', { name: 'billing' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('combobox', { name: 'Query' }).inputValue()).toBe('source:billing ');
  });

  test(
    'shows the whole button beside a missing event at 320 px',
    '?id=nowhere',
    { viewport: { width: 320, height: 640 } },
    async (page) => {
      const button = page.locator('.missing').getByRole('button', { name: 'Close' });
      await button.waitFor();
      const [needed, shown] = await button.evaluate((node) => [node.scrollHeight, node.clientHeight]);
      expect(needed).toBeLessThanOrEqual(shown ?? 0);
    },
  );

  test('centres the text of the query at 390 px', '?q=source:billing', PHONE, async (page) => {
    await untilLoaded(page);
    const text = await boxOf(page, '.query .chip');
    const field = await boxOf(page, '.query');
    const middle = ({ y, height }: { y: number; height: number }): number => y + height / 2;
    expect(Math.abs(middle(text) - middle(field))).toBeLessThanOrEqual(1.5);
  });

  test(
    'keeps the button of the context beside the choices in German',
    '?lang=de&range=all&id=shop-0000995',
    PHONE,
    async (page) => {
      await page.locator('.ctx .icon-btn').waitFor();
      const button = await boxOf(page, '.ctx .icon-btn');
      const choices = await boxOf(page, '.ctx .tabs');
      expect(button.y).toBeLessThan(choices.y + choices.height);
    },
  );
});
