// Uses a filled folder and returns the peak resident memory of each operation.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVigilant } from '@vigilant/core';
import { serveHttp } from '@vigilant/http';
import { createSqliteStore, sqlite } from '@vigilant/store-sqlite';
import { asTask, inChild } from '../child.mjs';
import { createContext } from '../events.mjs';
import { assertEqual } from '../measure.mjs';
import { memoryOf } from '../process-usage.mjs';
import { createQuestions } from '../questions.mjs';

const KEPT_SHARE = 0.9;

const operations = [];

await asTask(async ({ folder, unique }) => {
  const vigilant = createVigilant(sqlite(folder));
  await measure('open', () => vigilant.open());
  for (const { what, prepare, ask } of createQuestions()) {
    await prepare?.(vigilant);
    await measure(what, () => ask(vigilant, 1));
  }
  const server = await serveHttp(vigilant, { port: 0 });
  const exported = await measure('export', () => inChild('export', { url: server.url }));
  assertEqual(exported.lines, unique, 'events exported');
  await server.close();
  await vigilant.close();

  const store = createSqliteStore(join(folder, 'events.db'));
  await store.open(createContext());
  const now = Date.now();
  await measure('prune of a level', () => store.prune({ receivedBeforeByLevel: { DEBUG: now } }));
  const kept = Math.floor(unique * KEPT_SHARE * KEPT_SHARE);
  await measure('prune of the oldest tenth', () => store.prune({ maxEvents: kept }));
  assertEqual((await store.status()).events, kept, 'events kept');
  await store.close();
  return { operations };
});

/** Runs an operation and adds its duration and the peak of the resident memory, which Linux resets for it. */
async function measure(what, operation) {
  globalThis.gc?.();
  writeFileSync('/proc/self/clear_refs', '5');
  const started = performance.now();
  const result = await operation();
  const seconds = (performance.now() - started) / 1000;
  operations.push({ what, seconds, bytes: memoryOf(process.pid).peak });
  return result;
}
