// npm run bench [-- part ...] [--events n] [--runs n]: measures each part as the ratio to a floor of the same run.
import { parseArgs } from 'node:util';
import { blocks } from './parts/blocks.mjs';
import { consoleBudgets } from './parts/console.mjs';
import { grpc } from './parts/grpc.mjs';
import { ingest } from './parts/ingest.mjs';
import { kafka } from './parts/kafka.mjs';
import { latency } from './parts/latency.mjs';
import { logSync } from './parts/log-sync.mjs';
import { mysql } from './parts/mysql.mjs';
import { query } from './parts/query.mjs';
import { writeReport } from './report.mjs';

const PARTS = {
  'log-sync': logSync,
  ingest,
  latency,
  grpc,
  query,
  kafka,
  mysql,
  blocks,
  console: consoleBudgets,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { events: { type: 'string', default: '100000' }, runs: { type: 'string', default: '5' } },
});
const options = { events: Number(values.events), runs: Number(values.runs) };
if (!(options.events >= 1_000) || !(options.runs >= 1))
  throw new Error('--events must be at least 1000, and --runs at least 1.');
const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
for (const name of names)
  if (!(name in PARTS))
    throw new Error(`Unknown part "${name}". Valid parts: ${Object.keys(PARTS).join(', ')}.`);

const rows = [];
for (const name of names) {
  console.log(`measuring ${name} ...`);
  rows.push(...(await PARTS[name](options)));
}

console.log(writeReport(rows));
