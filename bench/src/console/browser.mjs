import { chromium } from 'playwright-core';

const VIEWPORT = { width: 1440, height: 900 };

/** Starts Chromium. As root and in containers its sandbox is not available; only pages of the benchmark are opened. */
export function launch(executablePath) {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** Runs a function with a new page, which has no cache and no settings. */
export async function withPage(browser, work) {
  const context = await browser.newContext({ viewport: VIEWPORT, locale: 'en-US', timezoneId: 'UTC' });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  try {
    return await work(page);
  } finally {
    await context.close();
  }
}

/** Opens a page of the console and waits for its first rows and their counts. */
export async function openConsole(page, url) {
  await page.goto(url);
  await page.locator('.r.ev').first().waitFor();
  await page.locator('.sum .e').first().waitFor();
}

/** Loads older rows by scrolling to the end until at least `count` are loaded, then returns to the first one. */
export async function loadRows(page, count) {
  await page.evaluate(async (wanted) => {
    const scroller = document.querySelector('.rows .scroll');
    const rowHeight = document.querySelector('.r.ev').offsetHeight;
    while (scroller.scrollHeight < wanted * rowHeight) {
      scroller.scrollTop = scroller.scrollHeight;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    scroller.scrollTop = 0;
  }, count);
}

/** Returns the bytes that the page uses after a garbage collection: of JavaScript, and of its buffers. */
export async function heapBytes(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize + backingStorageSize;
}

/** Starts to measure the CPU time of the main thread. Returns a function that returns it, in milliseconds. */
export async function measureCpu(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1_000 * metrics.find(({ name }) => name === 'TaskDuration').value;
  };
  const before = await read();
  return async () => {
    const ms = (await read()) - before;
    await session.detach();
    return ms;
  };
}

/**
 * Runs a function and records the frames of the page, its long tasks, the delay of its keys, and the CPU time of its main
 * thread, in milliseconds.
 */
export async function record(page, work) {
  const cpu = await measureCpu(page);
  await page.evaluate(() => {
    const frames = [];
    const tasks = [];
    const delays = [];
    let last = performance.now();
    let isOver = false;
    const onFrame = (now) => {
      frames.push(now - last);
      last = now;
      if (!isOver) requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
    const observer = new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    );
    observer.observe({ entryTypes: ['longtask'] });
    const onKey = ({ timeStamp }) => delays.push(performance.now() - timeStamp);
    addEventListener('keydown', onKey, true);
    window.endRecord = () => {
      isOver = true;
      observer.disconnect();
      removeEventListener('keydown', onKey, true);
      return { frames: frames.slice(1), tasks, delays };
    };
  });
  await work();
  const recorded = await page.evaluate(() => window.endRecord());
  return { ...recorded, cpuMs: await cpu() };
}
