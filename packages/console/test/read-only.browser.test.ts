import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { findings } from './support/axe';
import { eventually, launch, openPage, untilLoaded } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { shopEvents } from './support/shop';

const TIMEOUT_MS = 120_000;
const WHY = 'This server is read-only';

describeWithService('chromium', 'the console of a read-only server', (chromium) => {
  const [folder, emptyFolder] = ['full', 'empty'].map((name) =>
    mkdtempSync(join(tmpdir(), `vigilant-console-${name}-`)),
  ) as [string, string];
  let browser: Browser;
  let server: ConsoleServer;
  let emptyServer: ConsoleServer;

  beforeAll(async () => {
    const writer = createVigilant(sqlite(folder));
    await writer.logBatch(shopEvents(200, Date.now() - 1_000, 600_000));
    await writer.views.create({ name: 'Errors', filter: 'level:ERROR' });
    await writer.close();
    const empty = createVigilant(sqlite(emptyFolder));
    await empty.open();
    await empty.close();
    [browser, server, emptyServer] = await Promise.all([
      launch(chromium),
      startConsole(sqlite(folder, { readOnly: true })),
      startConsole(sqlite(emptyFolder, { readOnly: true })),
    ]);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await emptyServer?.close();
    for (const each of [folder, emptyFolder]) rmSync(each, { recursive: true, force: true });
  });

  /** Runs a test on a page, which must not have failed or tried to write at its end. */
  const test = (
    title: string,
    path: string,
    run: (page: Page) => Promise<void>,
    served = (): ConsoleServer => server,
  ) =>
    it(
      title,
      async () => {
        const { page, faults, close } = await openPage(browser, served().server.url + path);
        const writes: string[] = [];
        page.on('request', (request) => {
          if (request.method() !== 'GET') writes.push(`${request.method()} ${request.url()}`);
        });
        try {
          await run(page);
          expect(faults).toEqual([]);
          expect(writes).toEqual([]);
        } finally {
          await close();
        }
      },
      TIMEOUT_MS,
    );

  test('shows events, and reports in the status bar that the server is read-only', '', async (page) => {
    await untilLoaded(page);
    const bar = page.locator('footer');
    await bar.getByText('Connected, read-only', { exact: true }).waitFor();
    expect(await bar.innerText()).not.toContain('waiting');
  });

  test(
    'explains on the page Send why nothing can be sent, instead of showing the form',
    'send',
    async (page) => {
      await page.getByText(WHY).waitFor();
      expect(await page.getByRole('heading', { name: 'Send a test event' }).isVisible()).toBe(true);
      expect(await page.getByRole('button', { name: 'Send' }).count()).toBe(0);
      expect(await findings(page)).toEqual([]);
    },
  );

  test('lists views and opens them, without buttons to change them', 'views', async (page) => {
    await page.getByText(WHY).waitFor();
    const view = page.getByRole('link', { name: 'Open the view Errors' });
    await view.waitFor();
    expect(await page.getByRole('button', { name: /Rename|Replace|Delete|Save/ }).count()).toBe(0);
    expect(await findings(page)).toEqual([]);
    await view.click();
    await eventually(() => expect(new URL(page.url()).searchParams.get('q')).toBe('level:ERROR'));
  });

  test('explains why Ctrl+S does not save a view', '?q=level:WARN', async (page) => {
    await untilLoaded(page);
    await page.locator('footer').getByText('read-only').waitFor();
    await page.keyboard.press('Control+s');
    const dialog = page.getByRole('dialog');
    await dialog.getByText(WHY).waitFor();
    expect(await dialog.getByRole('textbox').count()).toBe(0);
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await eventually(async () => expect(await dialog.count()).toBe(0));
  });

  test('shows only the store under Delivery in the overview', 'overview', async (page) => {
    const panel = page.getByRole('region', { name: 'Delivery' });
    await panel.getByText('Read-only').waitFor();
    expect(await panel.innerText()).toContain('200 events');
    expect(await panel.innerText()).not.toContain('Broker');
  });

  test(
    'does not suggest sending events if there are none',
    '',
    async (page) => {
      await page.getByRole('heading', { name: 'No events have arrived yet' }).waitFor();
      await page.getByText(WHY).waitFor();
      expect(await page.getByRole('button', { name: 'Send a test event' }).count()).toBe(0);
    },
    () => emptyServer,
  );
});
