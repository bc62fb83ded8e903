// Opens a database read-only, prints the ids of its events as JSON, and closes it.
// Argument: the path of the database.
import { createVigilant } from '@vigilant/core';
import { createSqliteStore } from '@vigilant/store-sqlite';

const [path = ''] = process.argv.slice(2);
const vigilant = createVigilant({ store: createSqliteStore(path, { readOnly: true }) });
const { events } = await vigilant.query('', { order: 'arrival' });
await vigilant.close();
process.stdout.write(JSON.stringify(events.map(({ id }) => id)));
