import { chromium, type Browser, type BrowserContextOptions, type Page, type Request } from 'playwright-core';
import { expect, vi } from 'vitest';
import { undocumentedRequests } from './documented-requests';

/** Starts Chromium. As root and in containers its sandbox is not available; the pages are those of the tests only. */
export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page and what went wrong on it. */
export interface TestPage {
  readonly page: Page;
  /** URLs of all requests. */
  readonly requests: string[];
  /** Errors of scripts, messages of the console and violations of the content security policy. */
  readonly faults: string[];
  /** Closes the page, which must have sent only requests that the OpenAPI document describes. */
  close(): Promise<void>;
}

/** Opens a page. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<TestPage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'UTC',
    ...options,
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const sent: Request[] = [];
  const faults: string[] = [];
  page.on('request', (request) => {
    requests.push(request.url());
    sent.push(request);
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    // Chromium reports every answer that is not 2xx. The page shows what is wrong with a query.
    if (/status of 4\d\d/.test(message.text())) return;
    if (message.type() === 'error' || message.type() === 'warning')
      faults.push(`console: ${message.text()} ${message.location().url}`);
  });
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
  await page.goto(url);
  const close = async (): Promise<void> => {
    await context.close();
    expect(await undocumentedRequests(sent)).toEqual([]);
  };
  return { page, requests, faults, close };
}

/** Uses a page, which must not have failed in any way at its end. */
export async function usePage(
  browser: Browser,
  url: string,
  run: (page: Page, opened: TestPage) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const opened = await openPage(browser, url, options);
  try {
    await run(opened.page, opened);
    expect(opened.faults).toEqual([]);
  } finally {
    await opened.close();
  }
}

/** Waits until rows are shown, and the counts too. */
export async function untilLoaded(page: Page): Promise<void> {
  await page.locator('.r.ev').first().waitFor();
  await page.locator('.sum .total b, .sum .e').first().waitFor();
}

/** Text of the first rows. */
export function rowTexts(page: Page, count: number): Promise<string[]> {
  return page.evaluate(
    (limit) =>
      [...document.querySelectorAll<HTMLElement>('.rows .r.ev')]
        .sort((a, b) => Number(a.dataset['index']) - Number(b.dataset['index']))
        .slice(0, limit)
        .map((row) => row.querySelector('.m')?.textContent ?? ''),
    count,
  );
}

/** Repeats an assertion until it holds. */
export function eventually(check: () => void | Promise<void>, timeoutMs = 15_000): Promise<void> {
  return vi.waitFor(check, { timeout: timeoutMs, interval: 50 });
}
