import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { APPEARANCES, findings, findingsOf, type Appearance, type PageState } from './support/axe';
import { launch, openPage, untilLoaded } from './support/browser';
import { WIDTHS, overflowOf, viewportOf } from './support/overflow';
import { startConsole, type ConsoleServer } from './support/console-server';
import { shopEvents } from './support/shop';

const TIMEOUT_MS = 120_000;

const STATES: Readonly<Record<string, PageState>> = {
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
  'the comparison with the previous period': ['?cmp=1', '.comparison table'],
  'the table of the histogram': [
    '',
    'dialog[open] table',
    (page) => page.getByRole('button', { name: 'Histogram as a table' }).click(),
  ],
  'an event that does not exist': ['?id=nowhere', '.missing'],
  'no event in the time range': ['?since=2020-01-01&until=2020-01-02', '.state ul'],
  'a search that failed': [
    '',
    '.panel[role=alert]',
    async (page) => {
      const problem = { code: 'VIGILANT_STORE_UNAVAILABLE', detail: 'The store cannot be reached.' };
      await page.route('**/v1/events?*', (route) => route.fulfill({ status: 503, json: problem }));
      await page.reload();
    },
  ],
  'the list of keys': ['', 'dialog[open]', (page) => page.keyboard.press('?')],
};

/** The states are also shown in German, whose texts are longer. The long tests show all of them. */
const GERMAN: readonly Appearance[] = [{ colorScheme: 'dark', width: 768, height: 1024 }];
const STATES_IN_GERMAN = process.env['VIGILANT_LONG']
  ? Object.keys(STATES)
  : ['rows', 'the detail', 'no match', 'the time range'];

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

  async function check(state: string, appearances: readonly Appearance[], locale: string): Promise<void> {
    const [path, visible, act] = STATES[state] ?? ['', 'body'];
    const { page, close } = await openPage(browser, server.server.url + path, { locale });
    if (path === '') await untilLoaded(page);
    await act?.(page);
    expect(await findingsOf(page, visible, appearances)).toEqual([]);
    await close();
  }

  it.each(Object.keys(STATES))(
    'passes axe with %s',
    (state) => check(state, APPEARANCES, 'en-US'),
    TIMEOUT_MS,
  );

  it.each(STATES_IN_GERMAN)(
    'passes axe with %s, in German',
    (state) => check(state, GERMAN, 'de-DE'),
    TIMEOUT_MS,
  );

  it(
    'is checked by axe, which finds a button without a name',
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

  it.each(['en', 'ar-XB'])(
    'does not scroll sideways at any width, in the language "%s"',
    async (language) => {
      for (const path of ['?', '?id=shop-0000995&']) {
        const url = `${server.server.url}${path}lang=${language}`;
        const { page, close } = await openPage(browser, url, { viewport: viewportOf(WIDTHS[0]) });
        await page.locator('.r.ev').first().waitFor({ state: 'attached' });
        for (const width of WIDTHS) {
          await page.setViewportSize(viewportOf(width));
          expect([path, width, await overflowOf(page)]).toEqual([path, width, [0, 0]]);
        }
        await close();
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
