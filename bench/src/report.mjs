import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

const FLOORS = [
  'F1: raw SQLite inserts in one thread.',
  'F2: one JSON.stringify.',
  'F3: a gRPC echo.',
  'F4: write and fdatasync.',
  'F5: kafkajs alone.',
  'F6: mysql2 alone, inserts of 1,000 rows.',
  'F7: hand-written SQL.',
];

/** Writes rows as a table in Markdown and as JSON; gives the former. */
export function writeReport(rows) {
  const machine = `Node ${process.versions.node}, ${cpus().length} CPUs, ${Math.round(totalmem() / 2 ** 30)} GiB.`;
  const report = [
    '# Benchmark',
    '',
    `${machine} Each figure is a ratio against a floor of the same run; figures of other runs or machines do not compare.`,
    `The median of the runs; against F5 and F6, which are taken beside each run, that of their ratios. ${FLOORS.join(' ')}`,
    '',
    '| what | durable by | ours | floor | ratio | target | met |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(toLine),
    '',
    ...reasons(rows),
  ].join('\n');
  const folder = new URL('../out/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('report.json', folder), JSON.stringify(rows, undefined, 2));
  writeFileSync(new URL('report.md', folder), report);
  return report;
}

function toLine({ what, durability, ours, floor, ratio, target, isMet, leftOut }) {
  if (leftOut !== undefined) return `| ${what} | | left out | | | | |`;
  const met = isMet === undefined ? '' : isMet ? 'yes' : 'no';
  return `| ${what} | ${durability} | ${ours} | ${floor} | ${ratio?.toFixed(2) ?? ''} | ${target} | ${met} |`;
}

/** Why targets were missed, as far as profiling has found out, and why something was left out. */
function reasons(rows) {
  const lines = rows.flatMap(({ what, isMet, why, leftOut }) => {
    if (leftOut !== undefined) return `- Left out: ${what}. ${leftOut}.`;
    return isMet === false && why !== undefined ? `- Missed: ${what}. ${why}` : [];
  });
  return lines.length === 0 ? [] : [...lines, ''];
}
