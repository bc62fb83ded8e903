import { heapBytes, loadRows, openConsole, record, withPage } from './browser.mjs';
import { budget, frames, megabytes } from './results.mjs';

const MAX_NODES = 1_500;
const MAX_HEAP_BYTES = 80e6;
const SECONDS = 5;
const BUDGET = { fps: 58, maxFrameMs: 50, maxTasks: 0 };
/** Pixels per frame. */
const READING = 240;
const DRAGGING = 4_000;

/** Measures the memory of loaded rows, and scrolls through them. */
export async function scrolling(browser, url, rows) {
  return withPage(browser, async (page) => {
    await openConsole(page, url);
    const empty = await heapBytes(page);
    const started = performance.now();
    await loadRows(page, rows);
    const seconds = (performance.now() - started) / 1_000;
    const heap = await heapBytes(page);
    const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
    const name = `${rows.toLocaleString('en')} rows`;
    return [
      budget(`loading ${name}`, `${seconds.toFixed(1)} s`, 'none', undefined),
      budget(
        `heap with ${name}`,
        `${megabytes(heap)} (${megabytes(empty)} with the first ones)`,
        `< ${megabytes(MAX_HEAP_BYTES)}`,
        heap < MAX_HEAP_BYTES,
      ),
      budget(`DOM nodes with ${name}`, `${nodes}`, `< ${MAX_NODES}`, nodes < MAX_NODES),
      ...frames(`scrolling 10 rows a frame in ${name}`, await scroll(page, READING), BUDGET),
      ...frames(`dragging the scrollbar of ${name}`, await scroll(page, DRAGGING), BUDGET),
    ];
  });
}

function scroll(page, step) {
  return record(page, () =>
    page.evaluate(
      async ([pixels, ms]) => {
        const scroller = document.querySelector('.rows .scroll');
        scroller.scrollTop = 0;
        for (const start = performance.now(); performance.now() - start < ms;) {
          scroller.scrollTop += pixels;
          await new Promise(requestAnimationFrame);
        }
      },
      [step, SECONDS * 1_000],
    ),
  );
}
