// Logs events, copies the open journal as an application might, opens and closes the journal in another process, logs more
// events, and kills itself. Prints the id of each accepted event; none is stored meanwhile.
// Arguments: the folder, the path of better-sqlite3.
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { execFileSync } from 'node:child_process';
import { copyFileSync, writeSync } from 'node:fs';

const [folder = '', library = ''] = process.argv.slice(2);

const vigilant = createVigilant({ ...sqlite(folder), batch: { intervalMs: 600_000 } });
await vigilant.open();

async function log(prefix: string): Promise<void> {
  for (let n = 1; n <= 100; n += 1) {
    await vigilant.log({ id: `${prefix}-${n}`, message: 'an event that stays in the journal' });
    writeSync(1, `${prefix}-${n}\n`);
  }
}

await log('before');
const journal = `${folder}/journal.db`;
// Closing a file releases the locks of this process on it.
for (const suffix of ['', '-wal', '-shm']) copyFileSync(`${journal}${suffix}`, `${folder}/copy.db${suffix}`);
const program = `const database = new (require(process.argv[1]))(process.argv[2]);
  database.exec('SELECT count(*) FROM batch');
  database.close()`;
execFileSync(process.execPath, ['-e', program, library, journal]);
await log('after');
process.kill(process.pid, 'SIGKILL');
