import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import {
  eventually,
  launch,
  openPage,
  usePage,
  rowTexts,
  untilLoaded,
  type TestPage,
} from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { shopEvents } from './support/shop';

const HOUR_MS = 3_600_000;
const COUNT = 3_000;
const TIMEOUT_MS = 90_000;

describeWithService('chromium', 'Explore', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole()]);
    await server.seed(shopEvents(COUNT, Date.now() - 1_000, HOUR_MS * 0.9));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Runs a test on a page, which must not have failed in any way at its end. */
  const test = (title: string, run: (page: Page, opened: TestPage) => Promise<void>, path = '') =>
    it(title, () => usePage(browser, server.server.url + path, run), TIMEOUT_MS);

  const state = (page: Page): URLSearchParams => new URL(page.url()).searchParams;

  test('shows the newest events and their counts', async (page) => {
    await untilLoaded(page);
    const { events } = await server.vigilant.query('', { limit: 5 });
    const texts = await rowTexts(page, 5);
    for (const [index, event] of events.entries()) expect(texts[index]).toContain(event.message);
    expect(await page.locator('.sum .total').innerText()).toMatch(/^3,000\s*events$/);
    expect(await page.locator('[role=grid]').getAttribute('aria-rowcount')).toBe('3001');
  });

  it(
    'opens an event by its short link',
    async () => {
      const { events } = await server.vigilant.query('', { order: 'oldest', limit: 1 });
      const opened = await openPage(browser, `${server.server.url}e/${events[0]?.id}`);
      await opened.page.getByText(String(events[0]?.id)).first().waitFor();
      expect(state(opened.page).get('id')).toBe(events[0]?.id);
      await opened.close();
    },
    TIMEOUT_MS,
  );

  test('shows only a value after a click on it, and undoes that with Back', async (page) => {
    await untilLoaded(page);
    await page.locator('.facets').getByRole('button', { name: 'billing', exact: true }).click();
    await eventually(async () => {
      expect(state(page).get('q')).toBe('source:billing');
      expect(new Set(await page.locator('.r.ev .s').allInnerTexts())).toEqual(new Set(['billing']));
    });
    await page.goBack();
    await eventually(async () => {
      expect(state(page).get('q')).toBeNull();
      expect(new Set(await page.locator('.r.ev .s').allInnerTexts()).size).toBeGreaterThan(1);
    });
  });

  test('excludes a value by Alt+click, and combines values by their boxes', async (page) => {
    await untilLoaded(page);
    await page
      .locator('.facets')
      .getByRole('button', { name: 'gateway', exact: true })
      .click({ modifiers: ['Alt'] });
    await eventually(() => expect(state(page).get('q')).toBe('-source:gateway'));
    await page.getByRole('checkbox', { name: 'ERROR' }).check();
    await eventually(() => expect(state(page).get('q')).toBe('-source:gateway level:ERROR'));
    await page.getByRole('checkbox', { name: 'WARN' }).check();
    await eventually(() => expect(state(page).get('q')).toBe('-source:gateway level:ERROR,WARN'));
  });

  test('zooms to the part of the histogram that is dragged over', async (page) => {
    await untilLoaded(page);
    const box = await page.locator('.hist').boundingBox();
    if (box === null) throw new Error('The histogram is not visible.');
    const x = (fraction: number): number => box.x + 36 + (box.width - 36) * fraction;
    await page.mouse.move(x(0.4), box.y + 20);
    await page.mouse.down();
    await page.mouse.move(x(0.6), box.y + 25, { steps: 5 });
    await page.mouse.up();
    await eventually(async () => {
      const since = Date.parse(state(page).get('since') ?? '');
      const until = Date.parse(state(page).get('until') ?? '');
      expect((until - since) / HOUR_MS).toBeCloseTo(0.2, 1);
      expect(state(page).get('range')).toBe('1h');
      const loaded = await page.locator('.sum .total').innerText();
      expect(Number(loaded.replace(/\D/g, ''))).toBeLessThan(COUNT / 3);
    });
  });

  test('zooms by keyboard too, and has a table of the histogram', async (page) => {
    await untilLoaded(page);
    const chart = page.getByRole('slider', { name: 'Histogram' });
    await chart.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/events?: |: \d+ events?/);
    await page.keyboard.press('Enter');
    await eventually(async () => {
      expect(state(page).get('since')).not.toBeNull();
      expect(await page.locator('.sum .total').innerText()).not.toContain('3,000');
    });
    await page.getByRole('button', { name: 'Histogram as a table' }).click();
    await page.getByRole('dialog').getByRole('row').nth(1).waitFor();
  });

  test('opens an event with its fields, data and trace, and filters by one of them', async (page) => {
    await untilLoaded(page);
    await page.locator('.r.ev.E', { hasText: 'charge failed' }).first().click();
    const detail = page.getByRole('complementary', { name: 'Event details' });
    await detail.waitFor();
    expect(await detail.innerText()).toContain('acme-pay');
    const texts = await detail.locator('.leaf .v').evaluateAll((all) => all.map((each) => each.textContent));
    expect(texts.map((each) => each.trim())).toEqual(texts);
    await detail.getByRole('button', { name: /library frames/ }).click();
    expect(await detail.innerText()).toContain('/app/node_modules/undici/lib/api.js:41:9');
    await detail.getByRole('button', { name: 'Filter by data.userId' }).click();
    await eventually(() => expect(state(page).get('q')).toBe('data.userId:42'));
    await detail.getByRole('button', { name: 'Add data.orderId as a column' }).click();
    await eventually(async () => {
      expect(await page.getByRole('columnheader', { name: 'data.orderId' }).count()).toBe(1);
    });
  });

  test('shows the context of an event and returns to the same position', async (page) => {
    await untilLoaded(page);
    await page
      .locator('.scroll')
      .first()
      .evaluate((node) => (node.scrollTop = 1_000));
    await page.locator('.r.ev[data-index="50"]').click();
    await page.keyboard.press('c');
    await page.locator('.context .r.ev').first().waitFor();
    expect(state(page).get('ctx')).toBe('10s.trace');
    expect(await page.locator('.context .r.ev[aria-selected=true]').count()).toBe(1);
    await page.keyboard.press('Escape');
    await eventually(async () => expect(await page.locator('.context').count()).toBe(0));
    expect(
      await page
        .locator('.scroll')
        .first()
        .evaluate((node) => node.scrollTop),
    ).toBe(1_000);
  });

  test('loads older events while the user scrolls, each once', async (page) => {
    await untilLoaded(page);
    const loaded = async (): Promise<number> =>
      Number((await page.locator('.status').innerText()).match(/([\d,]+) of/)?.[1]?.replace(/,/g, ''));
    expect(await loaded()).toBe(200);
    const scroller = page.locator('.scroll').first();
    const last = page.locator(`.r.ev[aria-rowindex="${COUNT + 1}"]`);
    await eventually(async () => {
      await scroller.evaluate((node) => (node.scrollTop = node.scrollHeight));
      expect([await loaded(), await last.count()]).toEqual([COUNT, 1]);
    });
  });

  test(
    'suggests values with their counts, and shows an error at its position with the fix',
    async (page) => {
      await untilLoaded(page);
      await page.keyboard.press('/');
      await page.keyboard.type('source:bil');
      await page.getByRole('option', { name: /billing/ }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      const query = page.getByRole('combobox', { name: 'Query' });
      expect(await query.inputValue()).toBe('source:billing ');
      await page.keyboard.type('lvel:ERROR');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Use level' }).click();
      await eventually(async () => {
        expect(state(page).get('q')).toBe('source:billing level:ERROR');
        expect(await page.locator('.r.ev').count()).toBeGreaterThan(0);
      });
    },
    '?range=all',
  );

  test('offers to search while the query has changed', async (page) => {
    await untilLoaded(page);
    const run = page.getByRole('button', { name: 'Search' });
    expect(await run.count()).toBe(0);
    await page.getByRole('combobox', { name: 'Query' }).fill('declined');
    await run.click();
    await eventually(() => expect(state(page).get('q')).toBe('declined'));
    await run.waitFor({ state: 'detached' });
  });

  test('reads a typed time range', async (page) => {
    await untilLoaded(page);
    await page.keyboard.press('d');
    await page.getByRole('textbox', { name: 'Time range as text' }).waitFor();
    await page.keyboard.type('30m');
    await page.keyboard.press('Enter');
    await eventually(() => expect(state(page).get('range')).toBe('30m'));
  });

  test('shows times in a zone that is typed, also in the summary, and reads ranges in it', async (page) => {
    await untilLoaded(page);
    await page.keyboard.press('d');
    await page.locator('.picker').getByRole('combobox', { name: 'Time zone' }).fill('Asia/Kathmandu');
    await page.keyboard.press('Enter');
    await eventually(() => expect(state(page).get('tz')).toBe('Asia/Kathmandu'));
    expect(await page.locator('.sum .range').innerText()).toContain('Asia/Kathmandu');
    await page.getByRole('textbox', { name: 'Time range as text' }).fill('2026-03-04 9-10');
    await page.keyboard.press('Enter');
    await eventually(() => expect(state(page).get('since')).toBe('2026-03-04T03:15:00.000Z'));
    await page.keyboard.press('d');
    await page.locator('.picker').getByRole('combobox', { name: 'Time zone' }).fill('Mars/Olympus');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Not a valid time zone.').waitFor();
    expect(state(page).get('tz')).toBe('Asia/Kathmandu');
  });

  test('moves and zooms the time range by keys, but not beyond now', async (page) => {
    await untilLoaded(page);
    const width = (): number =>
      (Date.parse(state(page).get('until') ?? '') - Date.parse(state(page).get('since') ?? '')) / HOUR_MS;
    await page.keyboard.press(',');
    await eventually(() => expect(width()).toBe(1));
    await page.keyboard.press('.');
    await page.keyboard.press('.');
    await eventually(() => expect([...state(page)]).toEqual([]));
    await page.keyboard.press('-');
    await eventually(() => expect(width()).toBe(2));
    expect(Date.parse(state(page).get('until') ?? '')).toBeLessThanOrEqual(Date.now());
    await page.keyboard.press('+');
    await eventually(() => expect(width()).toBe(1));
  });

  test(
    'names the term that excludes most when nothing matches',
    async (page) => {
      await page.getByRole('heading', { name: 'No events match the query' }).waitFor();
      await page.getByRole('button', { name: /^Without it: / }).click();
      await page.locator('.r.ev').first().waitFor();
      expect(state(page).get('q')).toBe('source:billing');
    },
    '?q=source:billing%20nowhere-in-any-message',
  );

  test(
    'opens a link at its event and highlights it',
    async (page) => {
      await page.getByRole('complementary', { name: 'Event details' }).waitFor();
      expect(await page.locator('.detail').innerText()).toContain('shop-0002900');
      const row = page.locator('.r.ev[aria-selected=true]');
      await eventually(async () =>
        expect(await row.evaluate((node) => node === document.activeElement)).toBe(true),
      );
    },
    '?id=shop-0002900&range=all',
  );
});
