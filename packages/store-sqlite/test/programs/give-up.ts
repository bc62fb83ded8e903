// Opens stores on a file, locks it, and gives up while the threads wait for the lock. Prints how each append was settled.
// Arguments: the folder, the driver, the number of stores.
import { createTestContext } from '@vigilant/conformance';
import { createSqliteStore } from '@vigilant/store-sqlite';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { FIXTURE_EVENTS } from '../fixtures/events';

const [folder = '', driver = '', count = '0'] = process.argv.slice(2);

const path = join(folder, 'events.db');
const giveUp = new AbortController();
const stores = Array.from({ length: Number(count) }, () => createSqliteStore(path, { driver }));
for (const store of stores) await store.open({ ...createTestContext(), signal: giveUp.signal });
const locking = new Database(path);
locking.exec('BEGIN IMMEDIATE');
const appends = stores.map((store) =>
  store.append(FIXTURE_EVENTS).then(
    () => 'stored',
    (error: unknown) => (error as { readonly code: string }).code,
  ),
);
await new Promise((resolve) => setTimeout(resolve, 100));
giveUp.abort();
for (const append of appends) console.log(await append);
for (const store of stores) await store.close();
locking.close();
console.log('closed');
