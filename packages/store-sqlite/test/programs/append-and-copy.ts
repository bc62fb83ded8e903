// Appends events one by one and prints the id of each stored one, until it is killed. Meanwhile it copies the file of the
// store repeatedly, which releases the locks that SQLite holds on it for this process.
// Arguments: the folder of the store, the pause between copies in milliseconds.
import { createTestContext } from '@vigilant/conformance';
import type { Event } from '@vigilant/core';
import { isVigilantError } from '@vigilant/core';
import { createSqliteStore } from '@vigilant/store-sqlite';
import { copyFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '', pauseMs = '5'] = process.argv.slice(2);
const path = join(folder, 'events.db');
const store = createSqliteStore(path);
const context = createTestContext();
await store.open({ ...context, diagnostics: ({ code }) => void process.stderr.write(`${code}\n`) });

setInterval(() => copyFileSync(path, join(folder, 'copy.db')), Number(pauseMs));

const now = Date.now();
for (let n = 1; ; n += 1) {
  const event: Event = {
    id: `event-${n}`,
    message: 'm',
    level: 'INFO',
    severity: 0,
    timestamp: now,
    receivedAt: now,
    origin: '',
    source: '',
    type: 'log',
    group: 'default',
    tags: [],
    data: { n },
  };
  for (let isStored = false; !isStored;) {
    try {
      await store.append([event]);
      isStored = true;
    } catch (error) {
      process.stderr.write(`${String(error)}\n`);
      if (!isVigilantError(error) || !error.retryable) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  // Synchronous, so that the parent process can read it even after this process is killed.
  writeSync(1, `${event.id}\n`);
}
