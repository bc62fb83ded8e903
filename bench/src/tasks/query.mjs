// Asks the questions of an engine on a filled folder, as an application does: alone, and while it logs events.
import { createVigilant } from '@vigilant/core';
import { serveHttp } from '@vigilant/http';
import { sqlite } from '@vigilant/store-sqlite';
import { asTask, inChild } from '../child.mjs';
import { createDataSet } from '../data-sets.mjs';
import { CALLS, assertEqual, loopDelay, repeatedly, percentile } from '../measure.mjs';
import { createQuestions } from '../questions.mjs';
import { startSteadyFeed } from '../steady-feed.mjs';

const PER_SECOND = 5_000;
const WORST_MS = 3_000;
/** Waiting for events that are not stored yet is measured by a question of its own. Slow answers end at the deadline. */
const BUSY_READ = { freshMs: 0, deadlineMs: 3_000 };
/** The store grows while it is queried, so the repetitions are fewer. */
const BUSY_CALLS = { ...CALLS, enoughMs: 300, tooLongMs: 1_000 };

await asTask(async ({ folder, unique, ...options }) => {
  const vigilant = createVigilant(sqlite(folder));
  const opening = performance.now();
  await vigilant.open();
  const openMs = performance.now() - opening;
  const questions = createQuestions();
  const alone = await askAll(vigilant, questions);
  const worst = questions.reduce((a, b) => (p50(alone[b.key]) > p50(alone[a.key]) ? b : a));
  const worstDelay = await loopDelay(() => askFor(WORST_MS, (n) => worst.ask(vigilant, n)));
  const exported = await exportAll(vigilant, unique);

  const feed = startSteadyFeed(vigilant, createDataSet({ ...options, seed: 2 }), PER_SECOND);
  const busy = await askAll(vigilant, questions, { read: BUSY_READ, calls: BUSY_CALLS });
  const fresh = await repeatedly((n) => questions[0].ask(vigilant, n));
  const sent = await feed.stop();
  const { scheduler } = await vigilant.status();
  assertEqual(scheduler.stored + scheduler.duplicates, sent, 'events stored or recognised');
  await vigilant.close();
  return {
    openMs,
    alone,
    busy,
    fresh,
    worst: worst.what,
    worstDelay,
    exported,
    busySeconds: sent / PER_SECOND,
  };
});

async function askAll(vigilant, questions, { read, calls } = {}) {
  const answers = {};
  for (const { key, what, prepare, ask } of questions) {
    console.log(`  ${read === undefined ? 'alone' : 'while writing'}: ${what}`);
    await prepare?.(vigilant);
    const asked = await repeatedly((n) => ask(vigilant, n, read), calls);
    answers[key] = { ...asked, found: read === undefined ? await ask(vigilant, 1) : undefined };
  }
  return answers;
}

function p50({ times }) {
  return percentile(times, 0.5);
}

async function askFor(ms, ask) {
  const end = performance.now() + ms;
  for (let n = 1; performance.now() < end; n += 1) await ask(n);
}

async function exportAll(vigilant, unique) {
  const server = await serveHttp(vigilant, { port: 0 });
  const exported = await inChild('export', { url: server.url });
  await server.close();
  assertEqual(exported.lines, unique, 'events exported');
  return exported;
}
