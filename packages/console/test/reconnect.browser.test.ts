import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { eventually, launch, openPage, untilLoaded } from './support/browser';
import { startConsole } from './support/console-server';
import { shopEvents } from './support/shop';

const TIMEOUT_MS = 90_000;

describeWithService('chromium', 'a console whose server stops', (chromium) => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch(chromium);
  }, TIMEOUT_MS);
  afterAll(() => browser?.close());

  it(
    'reports it, keeps its rows, and continues by itself when the server is back',
    async () => {
      const events = shopEvents(300, Date.now() - 1_000, 600_000);
      const first = await startConsole();
      await first.seed(events);
      const { page, close } = await openPage(browser, first.server.url);
      await untilLoaded(page);
      const connection = page.locator('.status .state');
      await eventually(async () => expect(await connection.innerText()).toBe('Connected'));

      await first.close();
      await eventually(async () => expect(await connection.innerText()).toBe('Reconnecting…'));
      expect(await page.locator('.r.ev').count()).toBeGreaterThan(10);
      await page.getByRole('checkbox', { name: 'ERROR' }).check();
      await page.getByText('The server cannot be reached.').first().waitFor();

      const second = await startConsole({ port: first.server.port });
      await second.seed(events);
      await eventually(async () => {
        expect(await connection.innerText()).toBe('Connected');
        expect(await page.locator('.r.ev').count()).toBeGreaterThan(0);
        expect(await page.locator('.r.ev:not(.E)').count()).toBe(0);
      });
      await close();
      await second.close();
    },
    TIMEOUT_MS,
  );

  it(
    'counts the events again when the server is back',
    async () => {
      const server = await startConsole();
      await server.seed(shopEvents(300, Date.now() - 1_000, 600_000));
      const { page, close } = await openPage(browser, server.server.url);
      await untilLoaded(page);
      const counts = /\/v1\/(histogram|facets)/;
      await page.route(counts, (route) => route.abort('connectionrefused'));
      await page.reload();
      const failure = page.getByText('The counts could not be loaded.').first();
      await failure.waitFor();
      await page.unroute(counts);
      await page.locator('.sum .total').getByText('300').waitFor();
      expect(await failure.count()).toBe(0);
      await close();
      await server.close();
    },
    TIMEOUT_MS,
  );
});
