// npm run bench [-- part ...]: measures each part as the ratio to a floor of the same run. CONTRIBUTING.md lists the options.
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { profileChildren } from './child.mjs';
import { DATA_SETS } from './data-sets.mjs';
import { ID_KINDS } from './ids.mjs';
import { blocks } from './parts/blocks.mjs';
import { consoleBudgets } from './parts/console.mjs';
import { duplicates } from './parts/duplicates.mjs';
import { grpc } from './parts/grpc.mjs';
import { idle } from './parts/idle.mjs';
import { ingest } from './parts/ingest.mjs';
import { kafka } from './parts/kafka.mjs';
import { latency } from './parts/latency.mjs';
import { logSync } from './parts/log-sync.mjs';
import { memory } from './parts/memory.mjs';
import { mysql } from './parts/mysql.mjs';
import { query } from './parts/query.mjs';
import { victorialogs } from './parts/victorialogs.mjs';
import { summarizeProfiles } from './profile.mjs';
import { writeReport } from './report.mjs';

const PARTS = {
  'log-sync': logSync,
  ingest,
  latency,
  grpc,
  query,
  duplicates,
  memory,
  idle,
  kafka,
  mysql,
  blocks,
  console: consoleBudgets,
  victorialogs,
};
const SMALL = 100_000;
const LARGE = 1_000_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: 'string' },
    runs: { type: 'string' },
    ids: { type: 'string' },
    data: { type: 'string' },
    profile: { type: 'string' },
  },
});
const profile = values.profile === undefined ? undefined : resolve(values.profile);
const events = Number(values.events ?? SMALL);
const runs = values.runs === undefined ? undefined : Number(values.runs);
if (!(events >= 1_000) || !(runs === undefined || runs >= 1))
  throw new Error('--events must be at least 1000, and --runs at least 1.');

const options = {
  events,
  runs: runs ?? 5,
  /** Sizes of the parts that show how cost grows. */
  sizes: values.events === undefined ? [SMALL, LARGE] : [events],
  /** Number of runs of a size. Data sets that only show another kind of content run once. */
  runsOf: (count, name = 'D1') => runs ?? (name !== 'D1' || count >= 10 * LARGE ? 1 : count >= LARGE ? 3 : 5),
  ids: listOf('ids', ID_KINDS),
  data: listOf('data', DATA_SETS),
};
const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
for (const name of names) checkName('part', name, PARTS);
if (profile !== undefined) {
  rmSync(profile, { recursive: true, force: true });
  mkdirSync(profile, { recursive: true });
  profileChildren(profile);
}

const rows = [];
for (const name of names) {
  console.log(`measuring ${name} ...`);
  rows.push(...(await PARTS[name](options)));
}

console.log(writeReport(rows));
if (profile !== undefined) console.log(summarizeProfiles(profile));

/** Returns the values of an option that is a list of names, or `undefined` if it is absent. */
function listOf(option, known) {
  const list = values[option]?.split(',');
  for (const name of list ?? []) checkName(`value of --${option}`, name, known);
  return list;
}

function checkName(kind, name, known) {
  if (!(name in known))
    throw new Error(`Unknown ${kind} "${name}". Valid names: ${Object.keys(known).join(', ')}.`);
}
