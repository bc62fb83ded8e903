import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { findings } from './support/axe';
import { launch, openPage, untilLoaded } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { shopEvents } from './support/shop';

const TIMEOUT_MS = 120_000;

/** States of the page: how to reach them, and what is visible then. */
const STATES: Readonly<
  Record<string, readonly [path: string, visible: string, act?: (page: Page) => Promise<void>]>
> = {
  rows: ['', '.r.ev'],
  'the detail': ['?id=shop-0000995', '.detail .message'],
  'the context': ['?id=shop-0000995&ctx=1m.all', '.context .r.ev'],
  suggestions: [
    '',
    '[role=option]',
    async (page) => page.keyboard.press('/').then(() => page.keyboard.type('l')),
  ],
  'an error in the query': ['?q=sorce:x', '.query .error'],
  'no match': ['?q=nowhere', '.state ul'],
  'the time range': ['', '.picker', (page) => page.keyboard.press('d')],
  'the command palette': ['', 'dialog[open] [role=option]', (page) => page.keyboard.press('Control+k')],
  'no command that matches': [
    '',
    'dialog[open] .none',
    async (page) => {
      await page.keyboard.press('Control+k');
      await page.locator('dialog[open] [role=combobox]').fill('nothing like this');
    },
  ],
  'groups of similar events': [
    '?similar=1',
    '.similar .event',
    (page) => page.locator('.similar .toggle').first().click(),
  ],
  'a key that is being changed': [
    '',
    '.key.on',
    async (page) => {
      await page.keyboard.press('?');
      await page.locator('dialog[open] .key').first().click();
    },
  ],
  'the list of keys': ['', 'dialog[open]', (page) => page.keyboard.press('?')],
};

const VIEWS: Readonly<Record<string, BrowserContextOptions>> = {
  'light at 1440 px': { colorScheme: 'light' },
  'dark at 1440 px': { colorScheme: 'dark' },
  'light at 390 px': { viewport: { width: 390, height: 844 } },
  'dark at 768 px in German': {
    colorScheme: 'dark',
    viewport: { width: 768, height: 1024 },
    locale: 'de-DE',
  },
  'light at 320 px': { viewport: { width: 320, height: 640 } },
};

describeWithService('chromium', 'accessibility', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole()]);
    await server.seed(shopEvents(1_000, Date.now() - 1_000, 3_000_000));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it.each(Object.keys(VIEWS).flatMap((view) => Object.keys(STATES).map((state) => [state, view] as const)))(
    'has no finding of axe with %s, %s',
    async (state, view) => {
      const [path, visible, act] = STATES[state] ?? ['', 'body'];
      const { page, close } = await openPage(browser, server.server.url + path, VIEWS[view]);
      if (path === '') await untilLoaded(page);
      await act?.(page);
      await page.locator(visible).first().waitFor();
      expect(await findings(page)).toEqual([]);
      await close();
    },
    TIMEOUT_MS,
  );

  it(
    'is checked by axe: a button without a name is found',
    async () => {
      const { page, close } = await openPage(browser, server.server.url);
      await untilLoaded(page);
      await page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')));
      expect(await findings(page)).toEqual([expect.stringContaining('button-name')]);
      await close();
    },
    TIMEOUT_MS,
  );

  it.each(['en', 'de'])(
    'has the visible text of each control in its name, in the language "%s"',
    async (language) => {
      const { events } = await server.vigilant.query('level:ERROR', { limit: 1 });
      const selected = `id=${events[0]?.id}&range=all`;
      const views = { method: 'POST', body: JSON.stringify({ name: 'Mine', filter: 'level:ERROR' }) };
      await fetch(`${server.server.url}v1/views`, {
        ...views,
        headers: { 'content-type': 'application/json' },
      });
      for (const path of [
        `?${selected}&cmp=1`,
        `?${selected}&ctx=1m.all`,
        '?q=nowhere',
        'overview?',
        'send?',
        'views?',
      ]) {
        const { page, close } = await openPage(browser, `${server.server.url}${path}&lang=${language}`);
        await page.locator('main :is(h1, h2)').first().waitFor();
        await page.waitForLoadState('networkidle');
        expect([path, await namesWithoutText(page)]).toEqual([path, []]);
        await close();
      }
    },
    TIMEOUT_MS,
  );

  it(
    'names rows in full and keeps one of them in the order of the Tab key',
    async () => {
      const { page, close } = await openPage(browser, server.server.url);
      await untilLoaded(page);
      const rows = page.getByRole('row', { name: /^(ERROR|WARN|INFO|DEBUG) \d\d:\d\d:\d\d/ });
      expect(await rows.count()).toBeGreaterThan(10);
      expect(await page.locator('.r.ev[tabindex="0"]').count()).toBe(1);
      await close();
    },
    TIMEOUT_MS,
  );

  it.each([320, 390, 768, 1024, 1280])(
    'does not scroll sideways at %i px, also in a right-to-left language',
    async (width) => {
      for (const language of ['en', 'ar-XB']) {
        for (const path of ['?', '?id=shop-0000995&']) {
          const url = `${server.server.url}${path}lang=${language}`;
          const { page, close } = await openPage(browser, url, { viewport: { width, height: 800 } });
          await page.locator('.r.ev').first().waitFor({ state: 'attached' });
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          expect([language, path, overflow]).toEqual([language, path, 0]);
          await close();
        }
      }
    },
    TIMEOUT_MS,
  );
});

/** Returns the controls whose name does not contain their visible text, so that voice control would not find them. */
function namesWithoutText(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim();
    const visible = (node: Element): string =>
      [...node.childNodes]
        .map((child) => {
          if (child instanceof Text) return child.data;
          if (!(child instanceof Element) || child.matches('[aria-hidden=true], .vh, svg, kbd')) return '';
          return child.getClientRects().length === 0 ? '' : visible(child);
        })
        .join(' ');
    return [...document.querySelectorAll('button[aria-label], a[aria-label], [role=button][aria-label]')]
      .map((node) => [plain(node.getAttribute('aria-label') ?? ''), plain(visible(node))] as const)
      .filter(([name, text]) => !name.includes(text))
      .map(([name, text]) => `"${text}" is not in "${name}"`);
  });
}
