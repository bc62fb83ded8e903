import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { findingsOf, type PageState } from './support/axe';
import { eventually, launch, openPage, usePage } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { WIDTHS, overflowOf, viewportOf } from './support/overflow';
import { shopEvents } from './support/shop';

const TIMEOUT_MS = 120_000;
const COUNT = 2_000;

describeWithService('chromium', 'the other pages', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole({ basePath: '/ops' })]);
    await server.seed(shopEvents(COUNT, Date.now() - 1_000, 3_000_000));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Runs a test on a page, which must not have failed in any way at its end. */
  const test = (title: string, path: string, run: (page: Page) => Promise<void>) =>
    it(title, () => usePage(browser, server.server.url + path, run), TIMEOUT_MS);

  describe('Send', () => {
    const sent = (page: Page) => page.locator('.sent').first();

    test('sends the event of the form and opens it in Explore', 'send', async (page) => {
      await page.getByLabel('Message').fill('payment 431 declined');
      await page.getByRole('radio', { name: 'ERROR' }).check();
      await page.getByLabel('Tags').fill('payment, test');
      await page.getByRole('button', { name: 'Add a field' }).click();
      await page.keyboard.type('provider.name');
      await page.getByLabel('Value of provider.name').fill('acme');
      await page.keyboard.press('Control+Enter');
      await sent(page).getByText('accepted in').waitFor();
      await server.vigilant.flush();
      await sent(page).getByText('stored after').waitFor();
      const id = await sent(page).locator('code').innerText();
      expect(await server.vigilant.get(id)).toMatchObject({
        message: 'payment 431 declined',
        level: 'ERROR',
        source: 'console',
        tags: ['payment', 'test'],
        data: { provider: { name: 'acme' } },
      });
      await page.getByRole('link', { name: 'Open in Explore' }).click();
      await page.locator('.detail').getByText('payment 431 declined').first().waitFor();
      expect(new URL(page.url()).searchParams.get('id')).toBe(id);
    });

    test('shows the rules that the event violates at its fields', 'send', async (page) => {
      await page.getByLabel('Timestamp').fill('soon');
      await page.getByRole('button', { name: 'Send' }).click();
      const field = page.getByLabel('Timestamp');
      await eventually(async () => expect(await field.getAttribute('aria-invalid')).toBe('true'));
      const description = page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`);
      expect(await description.innerText()).not.toBe('');
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
    });

    test('keeps the digits of numbers in JSON, and shows what is wrong with it', 'send', async (page) => {
      await page.getByRole('button', { name: 'JSON', exact: true }).click();
      const editor = page.getByLabel('Event as JSON');
      expect(JSON.parse(await editor.inputValue())).toMatchObject({ source: 'console' });
      await editor.fill('{ "message": "m", "data": { "n": 12345678901234567890 } }');
      await page.getByRole('button', { name: 'Send' }).click();
      const id = await sent(page).locator('code').innerText();
      await server.vigilant.flush();
      expect(await server.vigilant.get(id)).toMatchObject({ data: { n: '12345678901234567890' } });
      await editor.fill('{ "message": "m", "levle": "INFO" }');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.locator('.field .bad').getByText('levle').waitFor();
    });

    test('repeats an event', 'send', async (page) => {
      await page.getByLabel('Message').fill('one of many');
      await page.getByLabel('Repeat').fill('30');
      await page.getByLabel('Events per second').fill('100');
      await page.getByRole('button', { name: 'Send' }).click();
      await sent(page).getByText('30 of 30 events, 100 per second').waitFor();
      await server.vigilant.flush();
      const { events } = await server.vigilant.query('"one of many"', { limit: 100 });
      expect(events).toHaveLength(30);
    });

    test('shows the event as code with the address of the server', 'send', async (page) => {
      await page.getByLabel('Message').fill(`it's here`);
      expect(await page.locator('.code pre').innerText()).toContain(`curl ${server.server.url}v1/events`);
      expect(await page.locator('.code pre').innerText()).toContain(String.raw`it'\''s here`);
      await page.getByRole('button', { name: 'TypeScript' }).click();
      expect(await page.locator('.code pre').innerText()).toContain(`fetch("${server.server.url}v1/events"`);
    });
  });

  describe('Overview', () => {
    const figure = (page: Page, name: string) =>
      page.locator(`.wrap > dl > div:has(> dt:text-is("${name}"))`);

    test('shows the numbers of the search', 'overview?q=source:billing', async (page) => {
      const { facets } = await server.vigilant.facets('source:billing', { fields: ['level'] });
      const errors = facets[0]?.values.find(({ value }) => value === 'ERROR')?.count ?? 0;
      await figure(page, 'Error share').getByText(`${errors} ERROR`).waitFor();
      await page.locator('table').getByRole('link', { name: 'billing' }).waitFor();
      expect(await page.locator('tbody tr').count()).toBe(1);
      expect(await figure(page, 'Stored').innerText()).toMatch(/[\d,]+ events/);
      expect(await page.getByText(/provider timed out after # ms/).count()).toBe(1);
    });

    test('follows new events by itself', 'overview?q=source:fresh', async (page) => {
      await page.getByText('No errors in this time range.').waitFor();
      await server.vigilant.log({ message: 'broken now', source: 'fresh', level: 'ERROR' });
      await page.getByText('broken now').waitFor();
    });

    test('opens a source in Explore', 'overview', async (page) => {
      await page.locator('table').getByRole('link', { name: 'gateway' }).click();
      await eventually(() => expect(new URL(page.url()).searchParams.get('q')).toBe('source:gateway'));
      expect(new URL(page.url()).pathname).toBe('/ops/');
    });

    test('names the states of the delivery in the language of the user', 'overview?lang=de', async (page) => {
      await page.locator('li').filter({ hasText: 'Broker' }).getByText('bereit').waitFor();
      expect(await page.locator('ol').innerText()).not.toMatch(/ready|waiting|idle|writing/);
    });

    test('shows why the server is degraded', 'overview', async (page) => {
      await page.route('**/v1/status', async (route) => {
        const response = await route.fetch();
        const status = (await response.json()) as object;
        await route.fulfill({ json: { ...status, state: 'degraded', reasons: ['store: the disk is full'] } });
      });
      await page.goto(`${server.server.url}overview`);
      await page.locator('.wrap .degraded').getByText('store: the disk is full').waitFor();
    });
  });

  describe('Views', () => {
    test(
      'saves the search by Ctrl+S, opens, renames and deletes it',
      '?q=level:WARN&range=6h',
      async (page) => {
        await page.locator('.r.ev').first().waitFor();
        await page.keyboard.press('Control+s');
        await page.getByLabel('Name').fill('Warnings');
        await page.keyboard.press('Enter');
        await eventually(async () =>
          expect(await server.vigilant.views.list()).toMatchObject([
            { name: 'Warnings', filter: 'level:WARN', since: '6h' },
          ]),
        );
        await page.goto(`${server.server.url}views`);
        await page.getByRole('button', { name: 'Rename Warnings' }).click();
        await page.keyboard.type('All warnings');
        await page.getByLabel('Rename Warnings').fill('All warnings');
        await page.keyboard.press('Enter');
        await page.getByRole('link', { name: 'Open the view All warnings' }).click();
        await eventually(() => {
          const { searchParams } = new URL(page.url());
          expect([searchParams.get('q'), searchParams.get('range')]).toEqual(['level:WARN', '6h']);
        });
        await page.goto(`${server.server.url}views`);
        await page.getByRole('button', { name: 'Delete All warnings' }).click();
        await page.getByRole('button', { name: 'Delete', exact: true }).click();
        await page.getByText('No saved views yet.').waitFor();
        expect(await server.vigilant.views.list()).toEqual([]);
      },
    );

    test('shows that another user has changed a view, and keeps their change', 'views', async (page) => {
      const view = await server.vigilant.views.create({ name: 'Shared', filter: 'a' });
      await page.reload();
      await page.getByRole('button', { name: 'Rename Shared' }).waitFor();
      await server.vigilant.views.update(
        view.id,
        { name: 'Theirs', filter: 'b' },
        { revision: view.revision },
      );
      await page.getByRole('button', { name: 'Replace with the current search: Shared' }).click();
      await page.getByText('Another user has changed this view.').waitFor();
      await page.getByRole('link', { name: 'Open the view Theirs' }).waitFor();
      const [kept] = await server.vigilant.views.list();
      expect(kept).toMatchObject({ name: 'Theirs', filter: 'b' });
      await server.vigilant.views.delete(view.id, { revision: kept?.revision ?? '' });
      await page.getByRole('button', { name: 'Delete Theirs' }).click();
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByText('Another user has deleted this view.').waitFor();
    });
  });

  const STATES: Readonly<Record<string, PageState>> = {
    Live: ['?live=1', 'button.live .dot.on'],
    'Live paused': ['?live=1', 'button.live .new', async (page) => page.keyboard.press(' ')],
    Send: ['send', '.form, form'],
    'a violation': [
      'send',
      '.field .bad',
      async (page) => {
        await page.getByLabel('Timestamp').fill('soon');
        await page.getByRole('button', { name: 'Add a field' }).click();
        await page.getByRole('button', { name: 'Send' }).click();
      },
    ],
    'the JSON editor': [
      'send',
      'textarea[rows="18"]',
      (page) => page.getByRole('button', { name: 'JSON', exact: true }).click(),
    ],
    Overview: ['overview', 'tbody tr'],
    Views: ['views', '.wrap form'],
    'the dialog that saves a view': ['views', 'dialog[open]', (page) => page.keyboard.press('Control+s')],
  };
  it.each(Object.keys(STATES))(
    'pass axe with %s',
    async (state) => {
      const [path, visible, act] = STATES[state] ?? ['', 'body'];
      const { page, faults, close } = await openPage(browser, server.server.url + path);
      await page
        .locator(path.startsWith('?') ? 'button.live .dot.on' : '.wrap')
        .first()
        .waitFor();
      await act?.(page);
      expect(await findingsOf(page, visible)).toEqual([]);
      expect(faults).toEqual([]);
      await close();
    },
    TIMEOUT_MS,
  );

  it.each(['en', 'de', 'ar-XB'])(
    'do not scroll sideways at any width, in the language "%s"',
    async (language) => {
      for (const path of ['send', 'overview', 'views', '']) {
        const url = `${server.server.url}${path}?live=1&lang=${language}`;
        const { page, close } = await openPage(browser, url, { viewport: viewportOf(WIDTHS[0]) });
        await page
          .locator(path === '' ? 'button.live' : '.wrap')
          .first()
          .waitFor();
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
