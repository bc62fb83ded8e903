import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { launch, openPage } from './support/browser';
import { startConsole, type ConsoleServer } from './support/console-server';
import { limitRows } from './support/row-limit';

const MINUTE_MS = 60_000;
const DURATION_MS = 10 * MINUTE_MS;
const PER_SECOND = 200;
/** The list is full after 100 s. */
const MAX_ROWS = 20_000;
/** When the list has been full for a while. */
const SETTLED_MS = 3 * MINUTE_MS;
const SAMPLE_MS = 30_000;
const MAX_GROWTH_BYTES = 10e6;
const MAX_HEAP_BYTES = 150 * 2 ** 20;
const MAX_NODES = 1_500;

interface Sample {
  readonly seconds: number;
  /** After a garbage collection: of JavaScript and of its buffers. */
  readonly heapBytes: number;
  readonly nodes: number;
  /** Duration of the longest task since the last sample. */
  readonly longestTaskMs: number;
}

describeWithService('chromium', 'a tab that follows events for 10 minutes', (chromium) => {
  let browser: Browser;
  let server: ConsoleServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(chromium), startConsole()]);
    await server.seed([{ message: 'before' }]);
  }, MINUTE_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it(
    'uses no more memory and no more nodes once the list is full',
    async () => {
      const { page, faults, close } = await openPage(browser, 'about:blank');
      await limitRows(page, MAX_ROWS);
      await page.goto(`${server.server.url}?live=1`);
      await page.locator('button.live[aria-pressed=true] .dot.on').waitFor();
      await observeTasks(page);
      const samples: Sample[] = [];
      const start = performance.now();
      for (let sent = 0; performance.now() - start < DURATION_MS; await sleep(50)) {
        const seconds = (performance.now() - start) / 1_000;
        const due = Math.floor(seconds * PER_SECOND);
        await server.vigilant.logBatch(Array.from({ length: due - sent }, (_, n) => eventOf(sent + n)));
        sent = due;
        if (seconds * 1_000 >= SAMPLE_MS * (samples.length + 1)) samples.push(await sample(page, seconds));
      }
      console.table(samples);
      const settled = samples.filter(({ seconds }) => seconds * 1_000 >= SETTLED_MS);
      const [first, last] = [settled.at(0), settled.at(-1)];
      expect((last?.heapBytes ?? Infinity) - (first?.heapBytes ?? 0)).toBeLessThan(MAX_GROWTH_BYTES);
      expect(Math.max(...samples.map(({ heapBytes }) => heapBytes))).toBeLessThan(MAX_HEAP_BYTES);
      expect(Math.max(...samples.map(({ nodes }) => nodes))).toBeLessThan(MAX_NODES);
      // It is still live, and the list is full.
      await page.locator('button.live[aria-pressed=true] .dot.on').waitFor();
      await page.getByText('20,000 rows are in memory').waitFor();
      expect(faults).toEqual([]);
      await close();
    },
    DURATION_MS + 5 * MINUTE_MS,
  );
});

const eventOf = (number: number) => ({
  message: `request ${number} was answered in ${number % 900} ms`,
  level: number % 50 === 0 ? 'ERROR' : 'INFO',
  source: `module-${number % 40}`,
  tags: ['http'],
  data: { userId: number % 5_000, path: '/api/orders', requestId: `request-${number}` },
});

async function observeTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const observed = window as unknown as { longestTaskMs: number };
    observed.longestTaskMs = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        observed.longestTaskMs = Math.max(observed.longestTaskMs, duration);
    }).observe({ entryTypes: ['longtask'] });
  });
}

async function sample(page: Page, seconds: number): Promise<Sample> {
  const longestTaskMs = await page.evaluate(() => {
    const observed = window as unknown as { longestTaskMs: number };
    const { longestTaskMs: longest } = observed;
    observed.longestTaskMs = 0;
    return longest;
  });
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage: { usedSize: number; backingStorageSize?: number } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return {
    seconds: Math.round(seconds),
    heapBytes: usage.usedSize + (usage.backingStorageSize ?? 0),
    nodes: await page.evaluate(() => document.querySelectorAll('*').length),
    longestTaskMs,
  };
}
