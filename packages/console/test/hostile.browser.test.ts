import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { eventually, launch, openPage, untilLoaded } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { hostileEvents } from './support/hostile';

const TIMEOUT_MS = 90_000;

describeWithService('chromium', 'hostile events', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;
  const events = hostileEvents(Date.now() - 1_000);

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole()]);
    await server.seed(events);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it(
    'are shown as text in rows, facets and titles, without a violation of the content security policy',
    async () => {
      const { page, faults, close } = await openPage(browser, server.server.url);
      await untilLoaded(page);
      expect(await page.locator('.r.ev').count()).toBe(events.length);
      const text = await page.locator('.rows').innerText();
      expect(text).toContain(`<img src=x onerror="alert('markup')">`);
      expect(await page.locator('.facets').innerText()).toContain('<script>');
      expect(await page.locator('.rows img, .facets img, .rows a, main script').count()).toBe(0);
      expect(faults).toEqual([]);
      await close();
    },
    TIMEOUT_MS,
  );

  it(
    'show their hidden characters as marks',
    async () => {
      const { page, close } = await openPage(browser, `${server.server.url}?id=hostile-hidden`);
      await page.locator('.detail .message').waitFor();
      for (const part of ['.r.ev[aria-selected=true]', '.detail']) {
        const text = await page.locator(part).innerText();
        expect(text).toContain('⟨U+202E⟩');
        expect(text).toContain('␛[31m');
        expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u0000-\u0008\u001b]/);
      }
      const labels = await page
        .locator('.r.ev')
        .evaluateAll((rows) => rows.map((row) => row.ariaLabel).join());
      expect(labels).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
      await close();
    },
    TIMEOUT_MS,
  );

  it(
    'open in the detail, the raw view and the context without running anything',
    async () => {
      for (const { id } of events) {
        const { page, faults, close } = await openPage(browser, `${server.server.url}?id=${String(id)}`);
        const detail = page.locator('.detail');
        await detail.waitFor();
        await eventually(async () => expect(await page.locator('.mini .r').count()).toBeGreaterThan(0));
        const closed = detail.locator('details:not([open]) > summary');
        while ((await closed.count()) > 0) await closed.first().click();
        await detail.getByRole('button', { name: 'Raw' }).click();
        expect(
          await detail.locator('img, script, iframe, a:not([href^="https://example.com"])').count(),
        ).toBe(0);
        await page.keyboard.press('c');
        await page.locator('.context .r.ev').first().waitFor();
        expect(faults).toEqual([]);
        await close();
      }
    },
    TIMEOUT_MS,
  );

  it(
    'have links only for http and https, with the host that is opened, which do not reveal or reach this page',
    async () => {
      const { page, close } = await openPage(browser, `${server.server.url}?id=hostile-links`);
      await page.locator('.detail .message').waitFor();
      const links = await page
        .locator('.detail a')
        .evaluateAll((all) =>
          all.map((link) => [
            link.textContent,
            link.getAttribute('href'),
            link.getAttribute('rel'),
            link.getAttribute('target'),
          ]),
        );
      expect(links).toEqual([
        ['https://example.com/a?b=c', 'https://example.com/a?b=c', 'noopener noreferrer', '_blank'],
        ['xn--pple-43d.com', 'https://xn--pple-43d.com/login', 'noopener noreferrer', '_blank'],
      ]);
      await close();
    },
    TIMEOUT_MS,
  );

  it(
    'can be filtered by their values',
    async () => {
      const { page, faults, close } = await openPage(browser, `${server.server.url}?id=hostile-markup`);
      await page.locator('.detail .message').waitFor();
      await page.locator('.detail').getByRole('button', { name: 'Filter by source' }).click();
      await eventually(async () => expect(await page.locator('.rows .r.ev').count()).toBe(1));
      expect(faults).toEqual([]);
      await close();
    },
    TIMEOUT_MS,
  );
});
