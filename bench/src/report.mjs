import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

const FLOORS = [
  'F1: raw SQLite inserts in one thread.',
  'F2: one JSON.stringify.',
  'F3: a gRPC server that only responds.',
  'F4: write and fdatasync.',
  'F5: kafkajs alone.',
  'F6: mysql2 alone, 1,000 rows per insert.',
  'F7: hand-written SQL.',
];

/** Load average at the start. Other programs distort the figures. */
const loadBefore = loadavg();

/** Writes the rows as JSON and as a Markdown table, and returns the table. */
export function writeReport(rows) {
  const machine = `Node ${process.versions.node}, ${cpus().length} CPUs, ${Math.round(totalmem() / 2 ** 30)} GiB.`;
  const load = `Load average of 1 minute: ${loadBefore[0].toFixed(1)} before, ${loadavg()[0].toFixed(1)} after.`;
  const report = [
    '# Benchmark',
    '',
    `${machine} ${load} Each ratio compares with a floor of the same run. Figures of other runs or machines are not comparable.`,
    `Figures are medians of the runs. F5 and F6 are measured next to each run; their ratios are medians of the ratios of the runs. ${FLOORS.join(' ')}`,
    '',
    '| Measurement | Durability | Vigilant | Floor | Ratio | Target | Met |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.filter(({ beside }) => beside === undefined).map(toLine),
    '',
    ...reasons(rows),
    ...comparison(rows),
  ].join('\n');
  const folder = new URL('../out/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('report.json', folder), JSON.stringify(rows, undefined, 2));
  writeFileSync(new URL('report.md', folder), report);
  return report;
}

function toLine({ what, durability, ours, floor, ratio, target, isMet, skipped }) {
  if (skipped !== undefined) return `| ${what} | | skipped | | | | |`;
  const met = isMet === undefined ? '' : isMet ? 'yes' : 'no';
  return `| ${what} | ${durability} | ${ours} | ${floor} | ${ratio?.toFixed(2) ?? ''} | ${target} | ${met} |`;
}

/** Lists the reasons for missed targets, which are the property `why` of the rows, and for skipped measurements. */
function reasons(rows) {
  const missed = rows.filter(({ isMet }) => isMet === false);
  const unexplained = missed.filter(({ why }) => why === undefined).map(({ what }) => `${what}`);
  const lines = [
    ...rows
      .filter(({ skipped }) => skipped !== undefined)
      .map(({ what, skipped }) => `- Skipped: ${what}. ${skipped}`),
    ...missed.filter(({ why }) => why !== undefined).map(({ what, why }) => `- Missed: ${what}. ${why}`),
  ];
  if (unexplained.length > 0)
    lines.push(`- Missed, and the reason is not known yet (see \`--profile\`): ${unexplained.join('; ')}.`);
  return lines.length === 0 ? [] : [...lines, ''];
}

/** Compares the rows that VictoriaLogs measured with those that answer the same question. */
function comparison(rows) {
  const measured = rows.filter(({ beside }) => beside !== undefined);
  if (measured.length === 0) return [];
  const ours = new Map(rows.filter(({ key }) => key !== undefined).map((row) => [row.key, row]));
  return [
    '## Comparison with VictoriaLogs',
    '',
    'The same events and queries on the same machine. Vigilant confirms events after fsync and stores repeated ids once.',
    '',
    '| Measurement | Vigilant | VictoriaLogs |',
    '| --- | --- | --- |',
    ...measured.map(({ key, what, beside }) => `| ${what} | ${ours.get(key)?.ours ?? ''} | ${beside} |`),
    '',
  ];
}
