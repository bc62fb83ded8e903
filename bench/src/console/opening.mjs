import { measureCpu, openConsole, withPage } from './browser.mjs';
import { times } from './results.mjs';

const ROWS = 30;

/** Measures the time from a key to the painted detail and context of different events. */
export async function opening(browser, url) {
  return withPage(browser, async (page) => {
    await openConsole(page, url);
    await page.waitForLoadState('networkidle');
    await page.keyboard.press('g');
    const [details, contexts] = [[], []];
    for (let n = 0; n < ROWS; n += 1) {
      await page.keyboard.press('j');
      details.push(await untilShown(page, 'Enter', '.detail'));
      contexts.push(await untilShown(page, 'c', '.context header .muted', 'event'));
      await page.keyboard.press('Escape');
      await page.locator('.context').waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
      await page.locator('.detail').waitFor({ state: 'detached' });
    }
    return [
      times(
        'opening a detail',
        details.map(({ ms }) => ms),
        { p95: 50 },
      ),
      times(
        'opening a detail, CPU time of the main thread',
        details.map(({ cpuMs }) => cpuMs),
        {},
      ),
      times(
        'opening a context of 10 s',
        contexts.map(({ ms }) => ms),
        { p95: 200 },
      ),
      times(
        'opening a context of 10 s, CPU time of the main thread',
        contexts.map(({ cpuMs }) => cpuMs),
        {},
      ),
    ];
  });
}

/** Presses a key and measures the time until an element with a text is painted. */
async function untilShown(page, key, selector, text = '') {
  await page.evaluate(
    ([wanted, content]) => {
      window.shownMs = undefined;
      addEventListener(
        'keydown',
        ({ timeStamp }) => {
          const poll = () => {
            const element = document.querySelector(wanted);
            if (element?.textContent.includes(content) !== true) requestAnimationFrame(poll);
            else setTimeout(() => (window.shownMs = performance.now() - timeStamp));
          };
          requestAnimationFrame(poll);
        },
        { capture: true, once: true },
      );
    },
    [selector, text],
  );
  const cpu = await measureCpu(page);
  await page.keyboard.press(key);
  const ms = await page.waitForFunction(() => window.shownMs).then((each) => each.jsonValue());
  return { ms, cpuMs: await cpu() };
}
