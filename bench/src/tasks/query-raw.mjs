// F7: answers the questions and exports all events with hand-written SQL, in process.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { asTask } from '../child.mjs';
import { repeatedly } from '../measure.mjs';
import { createQuestions } from '../questions.mjs';

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'];

await asTask(async ({ folder }) => {
  const database = new Database(join(folder, 'floor.db'), { readonly: true });
  const answers = {};
  for (const { key, prepareSql } of createQuestions()) {
    const ask = prepareSql(database);
    answers[key] = { ...(await repeatedly(ask)), found: ask(1) };
  }
  const exported = exportAll(database);
  database.close();
  return { answers, exportPerSecond: exported };
});

/** Formats all events in order of time as NDJSON and returns the events per second. */
function exportAll(database) {
  const started = performance.now();
  let count = 0;
  let bytes = 0;
  for (const row of database
    .prepare('SELECT * FROM event ORDER BY timestamp DESC, sequence DESC')
    .iterate()) {
    const { level, tags, data } = row;
    const event = { ...row, id: row.id.toString('hex'), level: LEVELS[level] };
    bytes += `${JSON.stringify({ ...event, tags: JSON.parse(tags), data: JSON.parse(data) })}\n`.length;
    count += 1;
  }
  if (bytes === 0) throw new Error('The export is empty.');
  return count / ((performance.now() - started) / 1000);
}
