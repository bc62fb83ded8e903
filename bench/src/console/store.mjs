import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSqliteStore } from '@vigilant/store-sqlite';
import { cached } from '../../../scripts/services/tools.mjs';
import { END_MS } from '../d1.mjs';
import { generate } from '../data-sets.mjs';
import { chunksOf, createContext, toEvents } from '../events.mjs';

const BATCH = 5_000;
const HOUR_MS = 3_600_000;
/** Sources that determine the content of a seeded store. */
const SOURCES = [
  './store.mjs',
  '../d1.mjs',
  '../data-sets.mjs',
  '../ids.mjs',
  '../random.mjs',
  '../events.mjs',
].map((path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8'));

/** Copies a store with `count` generated events of 24 hours into a folder. It is generated once and kept in the cache. */
export async function seedStore(folder, count) {
  const seeded = await cached('bench-store', `${count}\n${SOURCES.join('\n')}`, (empty) =>
    fill(empty, count),
  );
  cpSync(seeded, folder, { recursive: true });
}

async function fill(folder, count) {
  console.log(`seeding ${count.toLocaleString('en')} events ...`);
  const store = createSqliteStore(join(folder, 'events.db'));
  await store.open(createContext());
  for (const inputs of chunksOf(distinct(count), BATCH)) await store.append(toEvents(inputs));
  await store.close();
}

/** Generates events with different ids. */
function distinct(count) {
  const known = new Set();
  const inputs = generate(Math.ceil(count * 1.01) + 10).filter(({ id }) => !known.has(id) && known.add(id));
  return inputs.slice(0, count);
}

/** Parameters of the URL of the console that show the last hour of the generated events. */
export const LAST_HOUR = new URLSearchParams({
  since: new Date(END_MS - HOUR_MS).toISOString(),
  until: new Date(END_MS).toISOString(),
}).toString();
