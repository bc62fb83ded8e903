// npm run bench [-- part ...] [--events n] [--runs n]: measures each part as a ratio against a floor of the same run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { grpc } from './parts/grpc.mjs';
import { ingest } from './parts/ingest.mjs';
import { latency } from './parts/latency.mjs';
import { logSync } from './parts/log-sync.mjs';
import { query } from './parts/query.mjs';

const PARTS = { 'log-sync': logSync, ingest, latency, grpc, query };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { events: { type: 'string', default: '100000' }, runs: { type: 'string', default: '5' } },
});
const options = { events: Number(values.events), runs: Number(values.runs) };
if (!(options.events >= 1_000) || !(options.runs >= 1))
  throw new Error('--events is at least 1000, --runs at least 1.');
const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
for (const name of names)
  if (!(name in PARTS)) throw new Error(`${name} is no part; there are ${Object.keys(PARTS).join(', ')}.`);

const rows = [];
for (const name of names) {
  console.log(`measuring ${name} ...`);
  rows.push(...(await PARTS[name](options)));
}

const cell = ({ what, durability, ours, floor, ratio, target, isMet }) =>
  `| ${what} | ${durability} | ${ours} | ${floor} | ${ratio?.toFixed(2) ?? ''} | ${target} | ${isMet ? 'yes' : 'no'} |`;
const machine = `Node ${process.versions.node}, ${cpus().length} CPUs, ${Math.round(totalmem() / 2 ** 30)} GiB.`;
const report = [
  '# Benchmark',
  '',
  `${machine} Each figure is a ratio against a floor of the same run; figures of other runs or machines do not compare.`,
  'The median of the runs. F1: raw SQLite inserts in one thread. F2: one JSON.stringify. F3: a gRPC echo. F4: write and fdatasync. F7: hand-written SQL.',
  '',
  '| what | durable by | ours | floor | ratio | target | met |',
  '| --- | --- | --- | --- | --- | --- | --- |',
  ...rows.map(cell),
  '',
].join('\n');
mkdirSync(new URL('../out/', import.meta.url), { recursive: true });
writeFileSync(new URL('../out/report.json', import.meta.url), JSON.stringify(rows, undefined, 2));
writeFileSync(new URL('../out/report.md', import.meta.url), report);
console.log(report);
