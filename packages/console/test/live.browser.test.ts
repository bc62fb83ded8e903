import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { eventually, launch, openPage, rowTexts } from './support/browser';
import { buildApp, startConsole, type ConsoleServer } from './support/console-server';
import { readRows } from './support/live-rows';
import { bundleServer } from './support/server-process';

const TIMEOUT_MS = 300_000;

describeWithService('chromium', 'Live', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole()]);
    await server.seed([{ message: 'before', source: 'test' }]);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const log = (messages: readonly string[], source: string, level = 'INFO') =>
    server.vigilant.logBatch(messages.map((message) => ({ message, source, level })));
  const many = (count: number, name: string): string[] =>
    Array.from({ length: count }, (_, index) => `${name} ${index}`);
  const button = (page: Page) => page.locator('button.live');
  const isFollowing = (page: Page) => page.locator('button.live[aria-pressed=true] .dot.on').waitFor();

  /** Runs a test on a page that follows the events of a source of its own. */
  const test = (title: string, source: string, run: (page: Page) => Promise<void>) =>
    it(
      title,
      async () => {
        const path = `?live=1&q=source:${source}`;
        await log(['first'], source);
        const { page, faults, close } = await openPage(browser, server.server.url + path);
        try {
          await page.locator('.r.ev').first().waitFor();
          await isFollowing(page);
          await run(page);
          expect(faults).toEqual([]);
        } finally {
          await close();
        }
      },
      TIMEOUT_MS,
    );

  test('adds rows as events arrive, and only those that match', 'arrive', async (page) => {
    await log(['another'], 'other');
    await log(['second'], 'arrive');
    await log(['third'], 'arrive');
    await eventually(async () => expect(await rowTexts(page, 4)).toEqual(['third', 'second', 'first']));
  });

  test('is toggled by t, and keeps that in the URL', 'toggle', async (page) => {
    await page.keyboard.press('t');
    expect(new URL(page.url()).searchParams.get('live')).toBeNull();
    await log(['second'], 'toggle');
    await page.keyboard.press('t');
    expect(new URL(page.url()).searchParams.get('live')).toBe('1');
    await eventually(async () => expect(await rowTexts(page, 3)).toEqual(['second', 'first']));
  });

  test(
    'pauses by Space, counts what waits in a button of the same width, and resumes',
    'space',
    async (page) => {
      const { width } = (await button(page).boundingBox()) ?? { width: 0 };
      await page.keyboard.press(' ');
      await log(many(12, 'waiting'), 'space');
      await eventually(async () => expect(await button(page).innerText()).toMatch(/Resume\s*12 new/));
      expect((await button(page).boundingBox())?.width).toBe(width);
      expect(await rowTexts(page, 2)).toEqual(['first']);
      await page.keyboard.press(' ');
      await eventually(async () => expect(await rowTexts(page, 2)).toEqual(['waiting 11', 'waiting 10']));
      await isFollowing(page);
    },
  );

  test('pauses while a row is open or the list is scrolled', 'reading', async (page) => {
    await page.locator('.r.ev').first().click();
    await button(page).getByText('Resume').waitFor();
    await log(many(100, 'waiting'), 'reading');
    await button(page).getByText('100 new').waitFor();
    await page.keyboard.press('Escape');
    await button(page).click();
    await eventually(async () => expect(await rowTexts(page, 1)).toEqual(['waiting 99']));
    await page.mouse.move(700, 500);
    await page.mouse.wheel(0, 240);
    await button(page).getByText('Resume').waitFor();
    await log(['later'], 'reading');
    await button(page).getByText('1 new').waitFor();
    await button(page).click();
    await eventually(async () => expect(await rowTexts(page, 1)).toEqual(['later']));
  });

  test('announces the number of new events to screen readers', 'told', async (page) => {
    await log(many(3, 'new'), 'told');
    await log(many(2, 'bad'), 'told', 'ERROR');
    const region = page.locator('[aria-live=polite].vh');
    await eventually(async () => expect(await region.textContent()).toContain('5 new events, 2 errors'));
  });

  test('shows or counts each event of a flood, and loads the events of a gap', 'flood', async (page) => {
    const total = 20_000;
    const start = performance.now();
    const inputDelays = await recordKeys(page);
    let keys = 0;
    for (let sent = 0; sent < total; keys++) {
      const due = Math.min(total, Math.floor((performance.now() - start) * 10)) - sent;
      if (due > 0) await log(many(due, `event ${sent}.`), 'flood');
      sent += Math.max(0, due);
      // The page still renders, which paces the flood, and handles keys.
      await page.keyboard.press('Shift');
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
    const delays = (await inputDelays()).sort((a, b) => a - b);
    expect(delays).toHaveLength(keys);
    // A few milliseconds. Only a page that is frozen exceeds this on a busy machine.
    expect(delays[Math.floor(keys / 2)]).toBeLessThan(1_000);
    // Events arrive in order, so none is missing once the last one is shown.
    // The first row changes with each of them: it is the event, or a gap that counts it.
    const first = page.locator('.rows .r[data-index="0"]');
    let ends = 0;
    do {
      const before = await first.innerText();
      await log([`end ${ends++}`], 'flood');
      await eventually(async () => expect(await first.innerText()).not.toBe(before));
    } while ((await rowTexts(page, 1))[0] !== `end ${ends - 1}`);
    const sent = total + ends + 1;
    const before = await readRows(page);
    expect(before.messages.length + before.missed).toBe(sent);
    expect(new Set(before.messages).size).toBe(before.messages.length);
    expect(before.gaps.length).toBeGreaterThan(0);
    await page.locator('.rows .scroll').evaluate((node) => (node.scrollTop = 0));
    await first.waitFor();
    await eventually(async () => {
      const isVisible = await page.locator('.r.gap .linkish').first().isVisible();
      if (!isVisible)
        await page.locator('.rows .scroll').evaluate((node) => (node.scrollTop += node.clientHeight));
      expect(isVisible).toBe(true);
    }, TIMEOUT_MS);
    // The number of rows stays the same if the gap was one event. The gap that remains of a larger one has another text.
    const gap = page.locator('.r.gap', { has: page.locator('.linkish') }).first();
    const [text, index] = [await gap.innerText(), await gap.getAttribute('data-index')];
    await gap.locator('.linkish').click();
    const row = page.locator(`.rows .r[data-index="${index}"]`);
    await eventually(async () => expect(await row.innerText()).not.toBe(text), 60_000).catch(
      async (error: unknown) => {
        throw new Error(`The page shows after the click: ${await page.locator('body').innerText()}`, {
          cause: error,
        });
      },
    );
    const after = await readRows(page);
    expect(after.missed).toBeLessThan(before.missed);
    expect(after.messages.length + after.missed).toBe(sent);
    expect(new Set(after.messages).size).toBe(after.messages.length);
  });

  it(
    'reconnects to a server that was killed, shows the interruption, and no event twice',
    async () => {
      // Next to the app, from where the bundle finds the modules of this repository.
      const folder = mkdtempSync(join(dirname(await buildApp()), 'console-live-'));
      const start = await bundleServer(folder);
      let running = await start(join(folder, 'data'), 0);
      const { port } = new URL(running.url);
      const post = async (message: string): Promise<void> => {
        const response = await fetch(`${running.url}v1/events`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ message, source: 'test' }),
        });
        expect(response.status).toBe(200);
      };
      await post('one');
      const { page, close } = await openPage(browser, `${running.url}?live=1`);
      try {
        await page.locator('.r.ev').first().waitFor();
        await isFollowing(page);
        await post('two');
        await eventually(async () => expect(await rowTexts(page, 3)).toEqual(['two', 'one']));
        await running.kill();
        await button(page).getByText('Reconnecting').waitFor();
        running = await start(join(folder, 'data'), Number(port));
        await post('three');
        await isFollowing(page);
        await eventually(async () => {
          const { messages, gaps } = await readRows(page);
          expect(messages).toEqual(['three', 'two', 'one']);
          expect(gaps).toEqual(['Connection interrupted, 0 events lost']);
        });
      } finally {
        await close();
        await running.kill();
        rmSync(folder, { recursive: true });
      }
    },
    TIMEOUT_MS,
  );
});

/** Records how long each key waits until the page handles it, in milliseconds. Returns a function that returns the delays. */
async function recordKeys(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const delays: number[] = ((window as unknown as { keyDelays: number[] }).keyDelays = []);
    addEventListener('keydown', ({ timeStamp }) => delays.push(performance.now() - timeStamp), true);
  });
  return () => page.evaluate(() => (window as unknown as { keyDelays: number[] }).keyDelays);
}
