import { openConsole, withPage } from './browser.mjs';
import { times } from './results.mjs';

/** Typed one key at a time. Each key changes the list. */
const FIELDS = ['lev', 'sou', 'ori', 'dat', 'gro', 'mes'];
const VALUES = ['source:module-1', 'group:group-2', 'origin:host-3', 'level:WA', 'tag:pay'];

/** Measures the time from a key in the query to the painted suggestions. */
export async function typing(browser, url) {
  return withPage(browser, async (page) => {
    await openConsole(page, url);
    await observeSuggestions(page);
    const keys = [];
    const counts = [];
    for (const text of [...FIELDS, ...VALUES]) {
      await page.locator('.query input').fill('');
      for (const key of text) {
        await page.evaluate(() => window.startKey());
        await page.keyboard.type(key);
        await page.waitForFunction(() => window.shownMs() !== undefined);
        keys.push(await page.evaluate(() => window.shownMs()));
        await page.waitForTimeout(30);
      }
      if (!text.includes(':')) continue;
      counts.push(await page.waitForFunction(() => window.countedMs()).then((each) => each.jsonValue()));
    }
    return [
      times('key to suggestions', keys, { p95: 100 }),
      times('key to counts of values (after 80 ms without a key)', counts, {}),
    ];
  });
}

/** Records when a frame with suggestions ends after a key, and when one with counts does. */
async function observeSuggestions(page) {
  await page.evaluate(() => {
    let key;
    addEventListener('keydown', ({ timeStamp }) => (key = { timeStamp }), true);
    const poll = () => {
      requestAnimationFrame(poll);
      const typed = key;
      if (typed === undefined || document.querySelector('.query [role=option]') === null) return;
      const hasCounts = document.querySelector('.query [role=option] .muted') !== null;
      // The list is painted at the end of the frame.
      setTimeout(() => {
        typed.shownMs ??= performance.now() - typed.timeStamp;
        if (hasCounts) typed.countedMs ??= performance.now() - typed.timeStamp;
      });
    };
    poll();
    window.startKey = () => (key = undefined);
    window.shownMs = () => key?.shownMs;
    window.countedMs = () => key?.countedMs;
  });
}
