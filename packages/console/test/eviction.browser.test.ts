import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { eventually, launch, openPage, rowTexts } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { limitRows } from './support/row-limit';

const TIMEOUT_MS = 120_000;
/** Room for the first page and the next one. */
const MAX_ROWS = 1_300;
const EVENTS = 1_250;
const MORE = 300;

describeWithService('chromium', 'rows beyond the limit', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole()]);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const named = (source: string, name: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ message: `${name} ${index}`, source }));

  /** Runs a test on a page with a lower limit, and with events of a source of its own. */
  const test = (title: string, source: string, count: number, run: (page: Page) => Promise<void>) =>
    it(
      title,
      async () => {
        await server.seed(named(source, 'old', count));
        const { page, faults, close } = await openPage(browser, 'about:blank');
        await limitRows(page, MAX_ROWS);
        try {
          await page.goto(`${server.server.url}?live=1&q=source:${source}`);
          await page.locator('button.live[aria-pressed=true] .dot.on').waitFor();
          await run(page);
          expect(faults).toEqual([]);
        } finally {
          await close();
        }
      },
      TIMEOUT_MS,
    );

  test('moves the focus to the nearest row when Live evicts its row', 'focus', EVENTS, async (page) => {
    await focusLast(page, 'old 0');
    await page.keyboard.press(' ');
    await server.seed(named('focus', 'new', MORE));
    await eventually(async () => expect(await rowTexts(page, 1)).toEqual([`new ${MORE - 1}`]));
    await eventually(async () => expect(await focusedText(page)).toBe(`old ${EVENTS + MORE - MAX_ROWS}`));
    // That the focus has moved does not pause Live.
    await page.locator('button.live[aria-pressed=true] .dot.on').waitFor();
    expect(await page.getByText('Older ones were removed').textContent()).toContain('1,300 rows');
  });

  test('loads the rows again that Live evicted', 'again', EVENTS, async (page) => {
    await focusLast(page, 'old 0');
    await page.keyboard.press(' ');
    await server.seed(named('again', 'new', MORE));
    // The events may arrive in several parts, and the first one already removes rows.
    await eventually(async () => expect(await rowTexts(page, 1)).toEqual([`new ${MORE - 1}`]));
    await page.getByText('Older ones were removed').waitFor();
    await focusLast(page, 'old 0');
    await page.getByText(`${EVENTS + MORE - MAX_ROWS} newer rows were removed`).waitFor();
  });

  test('does not move the visible rows when older ones evict the newest', 'scroll', 2_000, async (page) => {
    const scroller = page.locator('.rows .scroll');
    await page.getByText('old 1999', { exact: true }).waitFor();
    await scroller.evaluate((node) => (node.scrollTop = node.scrollHeight));
    await eventually(async () =>
      expect(await scroller.evaluate((node) => node.scrollHeight)).toBeGreaterThan(1_000 * 24),
    );
    const top = await scroller.evaluate((node) => (node.scrollTop = node.scrollHeight - 40 * 24));
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    const before = await firstVisible(page);
    await page.getByText('newer rows were removed').waitFor();
    expect(await scroller.evaluate((node) => node.scrollTop)).toBeLessThan(top);
    expect(await firstVisible(page)).toBe(before);
    await page.getByRole('button', { name: 'Show the newest' }).click();
    await eventually(async () => expect(await rowTexts(page, 1)).toEqual(['old 1999']));
  });

  test('resumes Live at the newest rows after they were evicted', 'resume', 2_000, async (page) => {
    await focusLast(page, 'old 0');
    await server.seed(named('resume', 'new', 3));
    await page.getByText('3 new').waitFor();
    await page.keyboard.press(' ');
    await eventually(async () =>
      expect(await rowTexts(page, 4)).toEqual(['new 2', 'new 1', 'new 0', 'old 1999']),
    );
    await server.seed(named('resume', 'last', 1));
    await eventually(async () => expect(await rowTexts(page, 2)).toEqual(['last 0', 'new 2']));
  });
});

/** Presses the key of the last row until a row has the focus, because each time more are loaded. */
function focusLast(page: Page, text: string): Promise<void> {
  return eventually(async () => {
    await page.keyboard.press('G');
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await focusedText(page)).toBe(text);
  });
}

/** Text of the message of the focused row. */
const focusedText = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.activeElement?.querySelector('.m')?.firstChild?.textContent ?? undefined);

/** Text of the message of the row at the upper edge. */
const firstVisible = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => {
    const edge = document.querySelector('.rows .scroll')?.getBoundingClientRect().top ?? 0;
    const rows = [...document.querySelectorAll('.rows .r[data-index]')];
    const first = rows.find((row) => row.getBoundingClientRect().bottom > edge + 1);
    return first?.querySelector('.m')?.textContent ?? undefined;
  });
