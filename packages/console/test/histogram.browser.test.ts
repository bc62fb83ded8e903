import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { findings } from './support/axe';
import { eventually, launch, usePage, untilLoaded } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { shopEvents } from './support/shop';

const MINUTE_MS = 60_000;
const TIMEOUT_MS = 90_000;

describeWithService('chromium', 'the histogram', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;
  const now = Date.now();

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole()]);
    await server.seed(shopEvents(2_000, now - 1_000, 58 * MINUTE_MS));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Runs a test on a page, which must not have failed in any way at its end. */
  const test = (
    title: string,
    path: string,
    run: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ) => it(title, () => usePage(browser, server.server.url + path, run, options), TIMEOUT_MS);

  const state = (page: Page): URLSearchParams => new URL(page.url()).searchParams;
  const iso = (ms: number): string => new Date(ms).toISOString();
  const past = `?since=${iso(now - 20 * MINUTE_MS)}&until=${iso(now - 10 * MINUTE_MS)}`;
  const cells = (page: Page, row: string): Promise<string[]> =>
    page.getByRole('row', { name: row }).getByRole('cell').allInnerTexts();
  const numberOf = (text = ''): number => Number(text.replaceAll(',', ''));
  const count = async (since: number, until: number): Promise<number> => {
    const { buckets } = await server.vigilant.histogram('', { since: iso(since), until: iso(until) });
    return buckets.flatMap(({ counts }) => Object.values(counts)).reduce((sum, each) => sum + each, 0);
  };

  /** Has the server report that retention has deleted the events before a time. */
  async function retain(page: Page, oldest: number): Promise<void> {
    await page.route('**/v1/status', async (route) => {
      const response = await route.fetch();
      const status = (await response.json()) as { readonly store: object };
      const store = { ...status.store, prunedThrough: 7 };
      await route.fulfill({ response, json: { ...status, store, oldestEventAt: iso(oldest) } });
    });
    await page.reload();
  }

  test('compares a range with the period of the same length before it', `${past}&cmp=1`, async (page) => {
    await page.getByRole('row', { name: 'Difference' }).waitFor();
    const [current, before] = [await cells(page, 'This period'), await cells(page, 'Previous period')];
    expect(numberOf(current[0])).toBe(await count(now - 20 * MINUTE_MS, now - 10 * MINUTE_MS));
    expect(numberOf(before[0])).toBe(await count(now - 30 * MINUTE_MS, now - 20 * MINUTE_MS));
    const change = (numberOf(current[0]) - numberOf(before[0])) / numberOf(before[0]);
    const difference = (await cells(page, 'Difference'))[0] ?? '';
    expect(Number(difference.replace('%', ''))).toBeCloseTo(change * 100, 0);
    await page.locator('.hist path[d^="M"]').last().waitFor();
    await page.getByRole('button', { name: 'End the comparison' }).click();
    await eventually(async () => {
      expect(state(page).get('cmp')).toBeNull();
      expect(await page.locator('.comparison').count()).toBe(0);
    });
  });

  test('compares what Shift is dragged over, and returns with Back', '', async (page) => {
    await untilLoaded(page);
    const box = await page.locator('.hist').boundingBox();
    if (box === null) throw new Error('The histogram is not visible.');
    const x = (fraction: number): number => box.x + 36 + (box.width - 36) * fraction;
    await page.keyboard.down('Shift');
    await page.mouse.move(x(0.6), box.y + 20);
    await page.mouse.down();
    await page.mouse.move(x(0.8), box.y + 25, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await page.getByRole('row', { name: 'Difference' }).waitFor();
    expect([state(page).get('cmp'), state(page).get('range')]).toEqual(['1', '1h']);
    await page.goBack();
    await eventually(() => expect([...state(page)]).toEqual([]));
  });

  test('compares by keyboard: a selection with Shift+Enter, the range with p', '', async (page) => {
    await untilLoaded(page);
    await page.keyboard.press('p');
    await page.getByRole('row', { name: 'Difference' }).waitFor();
    await page.keyboard.press('p');
    await eventually(() => expect(state(page).get('cmp')).toBeNull());
    await page.getByRole('slider', { name: 'Histogram' }).focus();
    for (const key of ['End', 'Shift+ArrowLeft', 'Shift+Enter']) await page.keyboard.press(key);
    await eventually(() => {
      expect(state(page).get('cmp')).toBe('1');
      expect(state(page).get('since')).not.toBeNull();
    });
  });

  test('has no button to compare all times', '?range=all', async (page) => {
    await untilLoaded(page);
    expect(await page.getByRole('button', { name: /^Compare/ }).count()).toBe(0);
  });

  const views: Readonly<Record<string, [path: string, options: BrowserContextOptions]>> = {
    'in German': [`${past}&cmp=1&lang=de`, {}],
    'right to left at 320 px': [`${past}&cmp=1&lang=ar-XB`, { viewport: { width: 320, height: 700 } }],
  };
  for (const [name, [path, options]] of Object.entries(views))
    test(
      `compares without a finding of axe, and within the window, ${name}`,
      path,
      async (page) => {
        await page.locator('.comparison tbody tr').last().waitFor();
        expect(await findings(page)).toEqual([]);
        expect(
          await page.evaluate(() => {
            const { scrollWidth, clientWidth } = document.documentElement;
            return scrollWidth - clientWidth;
          }),
        ).toBe(0);
      },
      options,
    );

  test('names what was not counted, as text and in the table', '', async (page) => {
    await page.route('**/v1/histogram*', async (route) => {
      const response = await route.fetch();
      const histogram = (await response.json()) as { buckets: unknown[] };
      const buckets = histogram.buckets.slice(-5);
      await route.fulfill({ response, json: { ...histogram, buckets, complete: false } });
    });
    await page.reload();
    await untilLoaded(page);
    const chart = page.getByRole('slider', { name: 'Histogram' });
    await eventually(async () =>
      expect(await chart.getAttribute('aria-valuetext')).toMatch(/^Not counted: .* \(.+ – .+\)\. Arrow keys/),
    );
    await chart.focus();
    await page.keyboard.press('End');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/: ~\d+ events?/);
    await page.getByRole('button', { name: 'Histogram as a table' }).click();
    await page.getByRole('cell', { name: 'Not counted: the time limit was reached' }).waitFor();
    expect(await findings(page)).toEqual([]);
  });

  test('marks what retention has deleted', '?range=6h', async (page) => {
    await retain(page, now - 58 * MINUTE_MS);
    await untilLoaded(page);
    await page.locator('.hist').getByText('Deleted by retention').waitFor();
    const chart = page.getByRole('slider', { name: 'Histogram' });
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^Deleted by retention \(/);
    await page.getByRole('button', { name: 'Histogram as a table' }).click();
    await page.getByRole('cell', { name: 'Deleted by retention' }).waitFor();
  });

  const old = `?since=${iso(now - 300 * MINUTE_MS)}&until=${iso(now - 240 * MINUTE_MS)}`;
  test('names retention as the reason for an empty range, and shows the oldest events', old, async (page) => {
    await page.getByRole('heading', { name: 'No events in this time range' }).waitFor();
    await retain(page, now - 59 * MINUTE_MS);
    await page.getByRole('heading', { name: /deleted by retention$/ }).waitFor();
    expect(await page.locator('.state li').count()).toBe(1);
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show the oldest events' }).click();
    await page.locator('.r.ev').first().waitFor();
    expect(state(page).get('since')).toBe(iso(now - 59 * MINUTE_MS));
  });

  for (const path of ['', 'overview'])
    test(
      `shows a search over all times that finds nothing at "${path}"`,
      `${path}?range=all&q=nowhere-in-any-message`,
      async (page) => {
        if (path === '') await page.getByRole('heading', { name: 'No events match the query' }).waitFor();
        else await page.getByText('No errors in this time range.').waitFor();
      },
    );
});
