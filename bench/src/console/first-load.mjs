import { measureCpu, withPage } from './browser.mjs';
import { budget, times } from './results.mjs';

const FIRST_LOAD_BYTES = 60_000;
const MAX_REQUESTS = 4;
/** Requests that are not counted: those of the browser itself, and the status, for which the rows do not wait. */
const UNCOUNTED = /icon\.svg$|favicon|v1\/status/;

/** Measures cold loads of the last hour of a store: every visit has an empty cache. */
export async function firstLoad(browser, url, what, visits) {
  const all = [];
  for (let n = 0; n < visits; n += 1) all.push(await withPage(browser, (page) => visit(page, url)));
  const [{ bytes, requests }] = all;
  return [
    budget(
      'first load of code, gzip',
      `${bytes.toLocaleString('en')} B`,
      `≤ ${FIRST_LOAD_BYTES.toLocaleString('en')} B`,
      bytes <= FIRST_LOAD_BYTES,
    ),
    budget(
      'requests to the first rows, besides the status',
      `${requests}`,
      `≤ ${MAX_REQUESTS}`,
      requests <= MAX_REQUESTS,
    ),
    times(
      'first contentful paint, cold',
      all.map(({ paintMs }) => paintMs),
      { p50: 300 },
    ),
    times(
      `first rows, last hour of ${what}`,
      all.map(({ rowsMs }) => rowsMs),
      { p50: 400, p95: 800 },
    ),
    times(
      'first rows, CPU time of the main thread',
      all.map(({ cpuMs }) => cpuMs),
      {},
    ),
  ];
}

/** Opens a page whose document observes when its first row is there. */
async function visit(page, url) {
  const urls = [];
  page.on('request', (request) => urls.push(request.url()));
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.querySelector('.r.ev') === null) return;
      observer.disconnect();
      // The row is painted at the end of the frame.
      requestAnimationFrame(() => setTimeout(() => (window.firstRowsMs = performance.now())));
    }).observe(document, { childList: true, subtree: true });
  });
  const cpu = await measureCpu(page);
  await page.goto(url);
  await page.waitForFunction(() => window.firstRowsMs !== undefined);
  const cpuMs = await cpu();
  const measured = await page.evaluate(() => {
    const code = performance
      .getEntriesByType('resource')
      .filter(({ name }) => /\/first-.*\.(js|css)$/.test(name));
    return {
      rowsMs: window.firstRowsMs,
      paintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
      bytes: code.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    };
  });
  const beforeRows = urls.slice(0, urls.findIndex((each) => each.includes('v1/events')) + 1);
  return { ...measured, cpuMs, requests: beforeRows.filter((each) => !UNCOUNTED.test(each)).length };
}
