// Appends batches to a database until it is killed, and prints the ids of each stored batch, or the error.
// Arguments: the URL of the database, the number of events in a batch, and the bytes of text in each event.
import { createTestContext } from '@vigilant/conformance';
import { createMysqlStore } from '@vigilant/store-mysql';
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { makeEvents } from '../support/events';

const [url = '', count = '1', bytes = '0'] = process.argv.slice(2);
const store = createMysqlStore({ url });
await store.open(createTestContext());
writeSync(1, 'open\n');
for (;;) {
  const data = { text: 'x'.repeat(Number(bytes)) };
  const batch = makeEvents(Number(count), { data }).map((event) => ({ ...event, id: randomUUID() }));
  try {
    await store.append(batch);
    writeSync(1, `${batch.map(({ id }) => id).join(' ')}\n`);
  } catch (error) {
    writeSync(1, `error ${String(error)}\n`);
  }
}
