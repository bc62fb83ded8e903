import { launch } from '../console/browser.mjs';
import { firstLoad } from '../console/first-load.mjs';
import { flood, live } from '../console/live.mjs';
import { opening } from '../console/opening.mjs';
import { scrolling } from '../console/scrolling.mjs';
import { withConsole } from '../console/serve.mjs';
import { LAST_HOUR } from '../console/store.mjs';
import { typing } from '../console/typing.mjs';
import { measureOnServices } from '../services.mjs';

const SMALL = 100_000;
const LARGE = 1_000_000;
const VISITS = 20;

/** Measures the budgets of the console in headless Chromium, with stores of 100,000 and 1,000,000 events. */
export function consoleBudgets(options) {
  return measureOnServices([{ what: 'budgets of the console', needs: ['chromium'], measure }], options);
}

async function measure({ chromium }) {
  const browser = await launch(chromium);
  try {
    return [
      ...(await withConsole(SMALL, (url) => measureSmall(browser, url))),
      ...(await withConsole(LARGE, (url) => measureLarge(browser, url))),
    ];
  } finally {
    await browser.close();
  }
}

const measureSmall = (browser, url) => scrolling(browser, `${url}?range=all`, SMALL);

async function measureLarge(browser, url) {
  const lastHour = `${url}?${LAST_HOUR}`;
  return [
    ...(await firstLoad(browser, lastHour, `${LARGE.toLocaleString('en')} stored`, VISITS)),
    ...(await typing(browser, lastHour)),
    ...(await opening(browser, lastHour)),
    ...(await live(browser, url)),
    ...(await flood(browser, url)),
  ];
}
