import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { generate } from '../d1.mjs';
import { chunksOf } from '../events.mjs';
import { insertRaw, toRows } from '../floors.mjs';
import { inFolder, loopDelay, summary } from '../measure.mjs';

const BATCH = 500;
const REPEATS = 15;
const SELECT = 'SELECT * FROM event';
const ORDER = 'ORDER BY timestamp DESC, sequence DESC LIMIT 100';

const BY_INDEX = { target: '≤ 1.5 or 5 ms', isMet: (ratio, ownMs) => ratio <= 1.5 || ownMs <= 5 };
const BY_SCAN = { target: 'none', isMet: () => undefined };

/** Each query as a filter, and as the best hand-written SQL for it. */
const QUERIES = [
  { what: 'newest 100', filter: '', sql: `${SELECT} ${ORDER}`, parameters: [], ...BY_INDEX },
  {
    what: 'newest 100 with level and source',
    filter: 'level>=WARN source:module-3',
    sql: `${SELECT} WHERE level >= 2 AND source = ? ${ORDER}`,
    parameters: ['module-3'],
    ...BY_INDEX,
  },
  {
    what: 'newest 100 with a rare word',
    filter: 'zanzibar',
    sql: `${SELECT} WHERE instr(lower(message), ?) ${ORDER}`,
    parameters: ['zanzibar'],
    ...BY_SCAN,
  },
  {
    what: '`data.userId` equals',
    filter: 'data.userId:4242',
    sql: `${SELECT} WHERE json_extract(data, '$.userId') = ? ${ORDER}`,
    parameters: [4242],
    ...BY_SCAN,
  },
];

/** Compares queries with F7: the best hand-written SQL on the same rows, in the same process. */
export async function query({ events }) {
  return inFolder(async (folder) => {
    const inputs = generate(events);
    insertRaw(folder, toRows(inputs));
    const raw = new Database(join(folder, 'floor.db'), { readonly: true });
    const vigilant = await storeEvents(folder, inputs);
    const rows = [];
    for (const each of QUERIES) rows.push(await compare(vigilant, raw, events, each));
    rows.push(await measureScanDelay(vigilant));
    await vigilant.close();
    raw.close();
    return rows;
  });
}

async function storeEvents(folder, inputs) {
  const vigilant = createVigilant({ ...sqlite(folder), freshMs: 600_000 });
  for (const batch of chunksOf(inputs, BATCH)) await vigilant.logBatch(batch);
  await vigilant.flush({ timeoutMs: 600_000 });
  return vigilant;
}

async function compare(vigilant, raw, events, { what, filter, sql, parameters, target, isMet }) {
  const statement = raw.prepare(sql);
  const floor = await medianMs(() => statement.all(...parameters));
  const own = await medianMs(() => vigilant.query(filter, { limit: 100 }));
  const ratio = own / floor;
  return {
    what: `${what} of ${events.toLocaleString('en')}`,
    durability: '',
    ours: `${own.toFixed(2)} ms`,
    floor: `F7 ${floor.toFixed(2)} ms`,
    ratio,
    target,
    isMet: isMet(ratio, own),
  };
}

async function measureScanDelay(vigilant) {
  const scan = () => vigilant.query('nothing-matches-this', { limit: 100, deadlineMs: 60_000 });
  const { p99 } = await loopDelay(scan);
  return {
    what: 'event-loop delay during a full scan, p99',
    durability: '',
    ours: `${p99.toFixed(1)} ms`,
    floor: '',
    ratio: undefined,
    target: '≤ 10 ms',
    isMet: p99 <= 10,
  };
}

async function medianMs(work) {
  const times = [];
  for (let run = 0; run < REPEATS; run += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return summary(times).median;
}
