import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { generate } from '../d1.mjs';
import { insertRaw, toRows } from '../floors.mjs';
import { inFolder, loopDelay, summary } from '../measure.mjs';

const REPEATS = 15;

async function medianMs(work) {
  const times = [];
  for (let run = 0; run < REPEATS; run += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return summary(times).median;
}

/** Queries against F7, the best hand-written SQL for each on the same rows, in process. */
export async function query({ events }) {
  return inFolder(async (folder) => {
    const inputs = generate(events);
    insertRaw(folder, toRows(inputs));
    const raw = new Database(join(folder, 'floor.db'), { readonly: true });
    const vigilant = createVigilant({ ...sqlite(folder), freshMs: 600_000 });
    for (let start = 0; start < inputs.length; start += 500)
      await vigilant.logBatch(inputs.slice(start, start + 500));
    await vigilant.flush({ timeoutMs: 600_000 });

    const rows = [];
    const measure = async (what, sql, parameters, filter, target, isMet, options = {}) => {
      const statement = raw.prepare(sql);
      const floor = await medianMs(() => statement.all(...parameters));
      const own = await medianMs(() => vigilant.query(filter, { limit: 100, ...options }));
      const ratio = own / floor;
      rows.push({
        what: `${what} of ${events.toLocaleString('en')}`,
        durability: '',
        ours: `${own.toFixed(2)} ms`,
        floor: `F7 ${floor.toFixed(2)} ms`,
        ratio,
        target,
        isMet: isMet(ratio, own),
      });
    };
    const select = 'SELECT * FROM event';
    const order = 'ORDER BY timestamp DESC, sequence DESC LIMIT 100';
    const byIndex = (ratio, own) => ratio <= 1.5 || own <= 5;
    await measure('newest 100', `${select} ${order}`, [], '', '≤ 1.5 or 5 ms', byIndex);
    await measure(
      'newest 100 with level and source',
      `${select} WHERE level >= 2 AND source = ? ${order}`,
      ['module-3'],
      'level>=WARN source:module-3',
      '≤ 1.5 or 5 ms',
      byIndex,
    );
    await measure(
      'newest 100 with a rare word',
      `${select} WHERE instr(lower(message), ?) ${order}`,
      ['zanzibar'],
      'zanzibar',
      '(block filters come later)',
      () => true,
    );
    await measure(
      '`data.userId` equals',
      `${select} WHERE json_extract(data, '$.userId') = ? ${order}`,
      [4242],
      'data.userId:4242',
      '(block filters come later)',
      () => true,
    );
    const delay = await loopDelay(() =>
      vigilant.query('nothing-matches-this', { limit: 100, deadlineMs: 60_000 }),
    );
    rows.push({
      what: 'event-loop delay while a query scans everything, p99',
      durability: '',
      ours: `${delay.p99.toFixed(1)} ms`,
      floor: '',
      ratio: undefined,
      target: '≤ 10 ms',
      isMet: delay.p99 <= 10,
    });
    await vigilant.close();
    raw.close();
    return rows;
  });
}
