import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { eventually, launch, openPage, untilLoaded } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { shopEvents } from './support/shop';

const TIMEOUT_MS = 180_000;
const FIRST_LOAD_BYTES = 60_000;
const MAX_NODES = 1_500;
const ROWS = 100_000;

describeWithService('chromium', 'budgets', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole({ basePath: '/ops/events' })]);
    await server.seed(shopEvents(ROWS, Date.now() - 1_000, 3_000_000));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it(
    'loads at most 60 kB of code, in at most 4 requests, all of this server, before the first rows',
    async () => {
      const { page, requests, close } = await openPage(browser, 'about:blank');
      const sizes: Promise<number>[] = [];
      page.on('response', (response) => {
        if (/\.(?:js|css)$/.test(response.url()))
          sizes.push(
            response
              .request()
              .sizes()
              .then(
                ({ responseBodySize }) => responseBodySize,
                // What is loaded later may be under way at the end.
                () => 0,
              ),
          );
      });
      requests.length = 0;
      await page.goto(server.server.url, { waitUntil: 'commit' });
      await page.locator('.r.ev').first().waitFor();
      const icon = /icon\.svg$|favicon/;
      const beforeRows = requests.slice(0, requests.findIndex((url) => url.includes('v1/events')) + 1);
      expect(
        beforeRows.filter((url) => !icon.test(url) && !url.includes('v1/status')).length,
      ).toBeLessThanOrEqual(4);
      expect(requests.filter((url) => !url.startsWith(server.server.url))).toEqual([]);
      // What is loaded on demand follows the script and the style sheet of the page.
      const first = await Promise.all(sizes.slice(0, 2));
      expect(first.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
      await close();
    },
    TIMEOUT_MS,
  );

  it(
    'renders fewer than 1,500 nodes with 100,000 loaded rows, wherever the list is scrolled',
    async () => {
      const { page, faults, close } = await openPage(
        browser,
        `${server.server.url}?range=all&id=shop-0099990`,
      );
      await untilLoaded(page);
      const scroller = page.locator('.scroll').first();
      // Loading 100,000 rows takes as long as the machine needs.
      await eventually(async () => {
        await scroller.evaluate((node) => (node.scrollTop = node.scrollHeight));
        expect(await page.locator(`.r.ev[aria-rowindex="${ROWS + 1}"]`).count()).toBe(1);
      }, TIMEOUT_MS);
      const nodes = (): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length);
      expect(await nodes()).toBeLessThan(MAX_NODES);
      for (const part of [0.25, 0.5, 0]) {
        const [rendered, visible] = await scroller.evaluate(async (node, fraction) => {
          node.scrollTop = node.scrollHeight * fraction;
          await new Promise(requestAnimationFrame);
          return [node.querySelectorAll('.r.ev').length, node.clientHeight / 24];
        }, part);
        // While all rows change with each frame, none is rendered outside of the window.
        expect(rendered).toBeLessThanOrEqual(visible + 3);
        await eventually(async () => {
          const index = Math.floor(ROWS * part);
          expect(await page.locator(`.r.ev[data-index="${index}"]`).count()).toBe(1);
        });
        expect(await nodes()).toBeLessThan(MAX_NODES);
      }
      expect(faults).toEqual([]);
      await close();
    },
    TIMEOUT_MS,
  );
});
