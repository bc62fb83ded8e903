import { COLUMN_NAMES, MAX_ROWS, decodeColumn, encodeColumn, encodeTokenSets } from '@vigilant/blocks';
import { DATA_SETS } from '../data-sets.mjs';
import { chunksOf } from '../events.mjs';
import { insertRaw, toColumns, toRows } from '../floors.mjs';
import { assertEqual, folderBytes, inFolder, repeat, summary, timed } from '../measure.mjs';

const FIELDS = [
  'timestamp',
  'receivedAt',
  'level',
  'severity',
  'message',
  'origin',
  'source',
  'type',
  'group',
  'tags',
  'data',
];

/** The largest ratio of the bytes that is wanted, for the data sets that have a target. */
const TARGETS = { D1: 0.15, D4: 0.25 };

/** Compares the columns of blocks, with their token sets, with the rows of F1. Ids are not indexed yet. */
export async function blocks({ events, runs }) {
  const rows = [];
  for (const [name, generate] of Object.entries(DATA_SETS)) {
    const inputs = [...new Set(generate(events))];
    const floors = await repeat(runs, () => inFolder((folder) => floorRun(folder, toRows(inputs))));
    const all = chunksOf(inputs.map(toBlockRow), MAX_ROWS);
    const ours = await repeat(runs, () => ourRun(all));
    checkDecoding(all, ours[0].result);
    rows.push(...compare(name, inputs.length, ours, floors));
  }
  return rows;
}

function toBlockRow(input, index) {
  const values = toColumns(input);
  return {
    sequence: index + 1,
    id: input.id,
    ...Object.fromEntries(FIELDS.map((field, column) => [field, values[column]])),
  };
}

async function floorRun(folder, rows) {
  const run = await timed(async () => insertRaw(folder, rows));
  return { cpuSeconds: run.cpuSeconds, bytes: folderBytes(folder) };
}

function ourRun(all) {
  return timed(async () =>
    all.map((rows) => ({
      columns: COLUMN_NAMES.map((name) => encodeColumn(name, rows)),
      tokenSets: encodeTokenSets(rows),
    })),
  );
}

function checkDecoding(all, encoded) {
  all.forEach((rows, index) => {
    COLUMN_NAMES.forEach((name, at) => {
      const column = decodeColumn(name, encoded[index].columns[at]);
      rows.forEach((row, each) => assertEqual(column.get(each), row[name], name));
    });
  });
}

function compare(name, count, ours, floors) {
  const sizes = COLUMN_NAMES.map((column, at) => [column, sum(ours[0].result, ({ columns }) => columns[at])]);
  sizes.push(['token sets', sum(ours[0].result, ({ tokenSets }) => tokenSets)]);
  const bytes = sizes.reduce((total, [, size]) => total + size, 0) / count;
  const cpu = summary(ours.map(({ cpuSeconds }) => (cpuSeconds / count) * 1e6)).median;
  const floorCpu = summary(floors.map(({ cpuSeconds }) => (cpuSeconds / count) * 1e6)).median;
  const floorBytes = floors[0].bytes / count;
  const target = TARGETS[name.split(',')[0]];
  const parts = sizes
    .filter(([, size]) => size / count >= 0.1)
    .map(([column, size]) => `${column} ${(size / count).toFixed(1)}`);
  return [
    {
      what: `block of ${name}: ${parts.join(', ')}`,
      durability: 'none',
      ours: `${bytes.toFixed(1)} B per event`,
      floor: `F1 ${floorBytes.toFixed(0)} B per event`,
      ratio: bytes / floorBytes,
      target: target === undefined ? 'none' : `≤ ${target}`,
      isMet: target === undefined ? undefined : bytes / floorBytes <= target,
    },
    {
      what: `encoding of ${name}`,
      durability: 'none',
      ours: `${cpu.toFixed(1)} s CPU per million`,
      floor: `F1 ${floorCpu.toFixed(1)} s CPU per million`,
      ratio: cpu / floorCpu,
      target: 'none',
    },
  ];
}

function sum(encoded, pick) {
  return encoded.reduce((total, block) => total + pick(block).byteLength, 0);
}
