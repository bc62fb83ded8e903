// Creates the files that every later version must be able to open: a store with a block and rows, and a journal with
// unacknowledged events.
// Run once for each schema version. Its files are committed. Argument: the folder of the files.
import { createTestContext } from '@vigilant/conformance';
import { createSqliteBroker, createSqliteStore } from '@vigilant/store-sqlite';
import { join } from 'node:path';
import { FIXTURE_BLOCK, FIXTURE_EVENTS } from '../fixtures/events';

const folder = process.argv[2] ?? '';

const store = createSqliteStore(join(folder, 'events.db'));
await store.open(createTestContext());
await store.append(FIXTURE_BLOCK);
await store.append(FIXTURE_EVENTS);
await store.documents?.put('setting', 'theme', { value: { dark: true } }, { revision: null });
await store.close();

const broker = createSqliteBroker(join(folder, 'journal.db'));
await broker.open(createTestContext());
for (const event of FIXTURE_EVENTS) await broker.publish([event]);
await broker.close();
