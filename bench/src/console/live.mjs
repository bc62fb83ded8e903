import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from '../data-sets.mjs';
import { heapBytes, loadRows, openConsole, record, withPage } from './browser.mjs';
import { budget, frames, megabytes, times } from './results.mjs';

const PER_SECOND = 1_000;
const SECONDS = 60;
/** Twice the events per second that one tail of the server sends. */
const FLOOD_PER_SECOND = 10_000;
const FLOOD_SECONDS = 10;
const MAX_ROWS = 250_000;
/** The first events that follow fill the list. More loaded rows would evict the newest ones. */
const LOADED_ROWS = MAX_ROWS - 1_000;
const WARM_UP_SECONDS = 5;
const MAX_GROWTH_BYTES = 10e6;
const MAX_NODES = 1_500;
const BATCH_MS = 50;
/** Events of one request on a machine that is too busy to send on time. */
const MAX_BATCH = 2_000;
const KEY_MS = 200;

/** Follows 1,000 events per second for a minute while the list is full, so that each row evicts another. */
export function live(browser, url) {
  return withPage(browser, async (page) => {
    await openConsole(page, `${url}?range=all&live=1`);
    await loadRows(page, LOADED_ROWS);
    await page.keyboard.press('Space');
    await page.locator('button.live[aria-pressed=true] .dot.on').waitFor();
    await send(url, PER_SECOND, WARM_UP_SECONDS);
    await page.getByText('250,000 rows are in memory').waitFor();
    const before = await heapBytes(page);
    const recorded = await follow(page, url, PER_SECOND, SECONDS);
    const after = await heapBytes(page);
    const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
    const what = `live, ${PER_SECOND.toLocaleString('en')} events/s for ${SECONDS} s`;
    return [
      ...frames(what, recorded, { fps: 55 }),
      times(`${what}, input delay`, recorded.delays, { p95: 100 }),
      budget(
        `${what}, heap growth with ${MAX_ROWS.toLocaleString('en')} rows`,
        `${megabytes(after - before)} (${megabytes(after)} in all)`,
        `< ${megabytes(MAX_GROWTH_BYTES)}`,
        after - before < MAX_GROWTH_BYTES,
      ),
      budget(`${what}, DOM nodes`, `${nodes}`, `< ${MAX_NODES}`, nodes < MAX_NODES),
    ];
  });
}

/** Follows more events than the server sends to one tail, and more than the list shows. */
export function flood(browser, url) {
  return withPage(browser, async (page) => {
    await openConsole(page, `${url}?range=all&live=1`);
    await page.locator('button.live[aria-pressed=true] .dot.on').waitFor();
    const recorded = await follow(page, url, FLOOD_PER_SECOND, FLOOD_SECONDS);
    const what = `flood, ${FLOOD_PER_SECOND.toLocaleString('en')} events/s for ${FLOOD_SECONDS} s`;
    return [
      ...frames(what, recorded, { fps: 55 }),
      times(`${what}, input delay`, recorded.delays, { p95: 100 }),
    ];
  });
}

const follow = (page, url, perSecond, seconds) =>
  record(page, () => Promise.all([send(url, perSecond, seconds), pressKeys(page, seconds)]));

/** Sends events at a constant rate, with the present time. */
async function send(url, perSecond, seconds) {
  const inputs = generate(perSecond * seconds);
  const started = performance.now();
  const pending = [];
  for (let sent = 0; sent < inputs.length;) {
    const planned = Math.floor(((performance.now() - started) / 1_000) * perSecond);
    const due = Math.min(inputs.length, planned, sent + MAX_BATCH);
    if (due > sent) pending.push(post(url, inputs.slice(sent, due)));
    sent = Math.max(sent, due);
    await sleep(BATCH_MS);
  }
  await Promise.all(pending);
}

async function post(url, inputs) {
  const response = await fetch(`${url}v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // The server assigns new ids.
    body: JSON.stringify(inputs.map((input) => ({ ...input, id: '', timestamp: Date.now() }))),
  });
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${await response.text()}`);
}

/** Presses a key without an effect periodically. */
async function pressKeys(page, seconds) {
  for (const start = performance.now(); performance.now() - start < seconds * 1_000;) {
    await page.keyboard.press('Shift');
    await sleep(KEY_MS);
  }
}
