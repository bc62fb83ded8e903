import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { eventually, launch, untilLoaded, usePage } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { shopEvents } from './support/shop';

const TIMEOUT_MS = 90_000;
const COUNT = 2_000;

describeWithService('chromium', 'groups of similar events', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole()]);
    await server.seed(shopEvents(COUNT, Date.now() - 1_000, 3_000_000));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Runs a test on a page, which must not have failed in any way at its end. */
  const test = (title: string, run: (page: Page) => Promise<void>, path = '?similar=1') =>
    it(
      title,
      () =>
        usePage(browser, server.server.url + path, async (page) => {
          if (path === '') await untilLoaded(page);
          else await groups(page).first().waitFor();
          await run(page);
        }),
      TIMEOUT_MS,
    );

  const state = (page: Page): URLSearchParams => new URL(page.url()).searchParams;
  const groups = (page: Page) => page.locator('.similar .group');
  const group = (page: Page, text: string) =>
    groups(page).filter({ has: page.getByText(text, { exact: true }) });
  /** Sum of the counts of all groups. */
  const sum = async (page: Page): Promise<number> => {
    const texts = await page.locator('.similar .count > :first-child').allInnerTexts();
    return texts.reduce((total, text) => total + Number(text.replaceAll(',', '')), 0);
  };

  test(
    'replace the rows by their key and by a button, and keep that in the URL',
    async (page) => {
      await page.keyboard.press('s');
      await groups(page).first().waitFor();
      expect([state(page).get('similar'), await page.locator('.rows .r.ev').count()]).toEqual(['1', 0]);
      await page.keyboard.press('Escape');
      await page.locator('.rows .r.ev').first().waitFor();
      expect(state(page).get('similar')).toBeNull();
      const button = page.getByRole('button', { name: 'Group similar events (s)' });
      await button.click();
      await groups(page).first().waitFor();
      expect(await button.getAttribute('aria-pressed')).toBe('true');
      await page.getByRole('button', { name: /^Rows/ }).click();
      await page.locator('.rows .r.ev').first().waitFor();
    },
    '',
  );

  test('count only the loaded events, state their number, and load more', async (page) => {
    const head = page.locator('.similar header');
    expect(await head.innerText()).toMatch(/\d+ groups\s*from 200 loaded events/);
    await eventually(async () =>
      expect(await head.innerText()).toContain('2,000 events match. Only the loaded ones are counted.'),
    );
    expect(await sum(page)).toBe(200);
    await page.getByRole('button', { name: 'Load more' }).click();
    await eventually(async () => expect(await sum(page)).toBe(1_200));
    await page.getByRole('button', { name: 'Load more' }).click();
    await eventually(async () => {
      expect(await head.innerText()).toMatch(/\d+ groups\s*from all 2,000 events/);
      expect(await sum(page)).toBe(COUNT);
    });
    expect(await page.getByRole('button', { name: 'Load more' }).count()).toBe(0);
    const { events } = await server.vigilant.query('source:gateway "GET /api/products"', { limit: COUNT });
    const found = group(page, 'GET /api/products/# #');
    expect(await found.locator('.count > :first-child').innerText()).toBe(String(events.length));
  });

  test('expand to their newest events, which open, and show all of them as rows', async (page) => {
    const found = group(page, 'GET /api/products/# #');
    await found.getByRole('button', { expanded: false }).click();
    await found.locator('.event').nth(9).waitFor();
    expect(await found.locator('.event').count()).toBe(10);
    await found.locator('.event').first().click();
    const { events } = await server.vigilant.query('source:gateway "GET /api/products"', { limit: 1 });
    await eventually(() => expect(state(page).get('id')).toBe(events[0]?.id));
    await page.keyboard.press('Escape');
    await found.getByRole('button', { name: 'Show all events with this text as rows' }).click();
    await page.locator('.rows .r.ev').first().waitFor();
    expect(state(page).get('q')).toBe('level:INFO source:gateway "GET /api/products/"');
    await eventually(async () =>
      expect(await page.locator('.sum .total').innerText()).not.toContain('2,000'),
    );
    const texts = await page.locator('.rows .r.ev .m').allInnerTexts();
    expect(texts.every((text) => text.startsWith('GET /api/products/'))).toBe(true);
  });

  test('are excluded by one click, and the others stay groups', async (page) => {
    const found = group(page, 'GET /api/products/# #');
    await found.getByRole('button', { name: 'Exclude these events (x)' }).click();
    await eventually(async () => expect(await found.count()).toBe(0));
    expect(state(page).get('q')).toBe('-(level:INFO source:gateway "GET /api/products/")');
    expect(state(page).get('similar')).toBe('1');
    await groups(page).first().waitFor();
  });

  test('work by keyboard alone', async (page) => {
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.keyboard.press('j');
    await eventually(async () => expect(await focused()).toContain('GET /api/products/# #'));
    await page.keyboard.press('ArrowDown');
    const second = await focused();
    expect(second).not.toContain('GET /api/products');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await group(page, 'GET /api/products/# #').locator('.event').first().waitFor();
    await page.keyboard.press('x');
    await eventually(() =>
      expect(state(page).get('q')).toBe('-(level:INFO source:gateway "GET /api/products/")'),
    );
  });

  test(
    'grow with new events while the page follows them',
    async (page) => {
      await page.locator('button.live[aria-pressed=true] .dot.on').waitFor();
      await server.vigilant.log({ message: 'order 1 shipped', source: 'courier' });
      await group(page, 'order # shipped').waitFor();
      await server.vigilant.log({ message: 'order 2 shipped', source: 'courier' });
      await eventually(async () =>
        expect(await group(page, 'order # shipped').locator('.count > :first-child').innerText()).toBe('2'),
      );
    },
    '?similar=1&live=1',
  );
});
