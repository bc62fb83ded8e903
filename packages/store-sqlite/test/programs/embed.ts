// Logs and queries events in a folder, and prints the native modules and libraries that the main thread has loaded.
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { createRequire } from 'node:module';

const loaded: string[] = [];
const { dlopen } = process;
// Every native module is loaded with this function.
process.dlopen = (...args: Parameters<typeof dlopen>) => {
  loaded.push(String(args[1]));
  return Reflect.apply(dlopen, process, args) as unknown;
};

const vigilant = createVigilant({ ...sqlite(process.argv[2] ?? ''), batch: { intervalMs: 10 } });
for (let n = 0; n < 200; n += 1) vigilant.info('an event', { n });
await vigilant.flush();
const { events } = await vigilant.query('data.n>=100', { limit: 1_000 });
await vigilant.get(events[0]?.id ?? '');
await vigilant.status();
await vigilant.close();

const modules = Object.keys(createRequire(import.meta.url).cache ?? {});
console.log(
  JSON.stringify({
    found: events.length,
    native: loaded,
    libraries: modules.filter((path) => /sqlite/i.test(path)),
  }),
);
