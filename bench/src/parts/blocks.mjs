import { COLUMN_NAMES, MAX_ROWS, decodeColumn, encodeColumn, encodeTokenSets } from '@vigilant/blocks';
import { inChild } from '../child.mjs';
import { DATA_SETS, createDataSet } from '../data-sets.mjs';
import { toColumns } from '../floors.mjs';
import { assertEqual, createStopwatch, repeat } from '../measure.mjs';
import { ratioRow } from '../rows.mjs';

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
export async function blocks({ events, runs, data = Object.keys(DATA_SETS) }) {
  const rows = [];
  for (const name of data) {
    const dataSet = { name, count: events };
    const floors = await repeat(runs, () => inChild('insert-raw', dataSet));
    const ours = await repeat(runs, (n) => encodeAll(createDataSet(dataSet), n === 0));
    rows.push(...compare(name, events, ours, floors));
  }
  return rows;
}

/** Encodes a data set in blocks. The preparation of the rows is not measured. */
function encodeAll(dataSet, check) {
  const sizes = {};
  const watch = createStopwatch();
  for (const inputs of dataSet.chunks(MAX_ROWS)) {
    const rows = inputs.map(toBlockRow);
    watch.start();
    const encoded = COLUMN_NAMES.map((name) => [name, encodeColumn(name, rows)]);
    encoded.push(['token sets', encodeTokenSets(rows)]);
    watch.stop();
    for (const [name, { byteLength }] of encoded) sizes[name] = (sizes[name] ?? 0) + byteLength;
    if (check) checkDecoding(rows, new Map(encoded));
  }
  return { sizes, cpuSeconds: watch.cpuSeconds };
}

function toBlockRow(input, index) {
  const values = toColumns(input);
  return {
    sequence: index + 1,
    id: input.id,
    ...Object.fromEntries(FIELDS.map((field, column) => [field, values[column]])),
  };
}

function checkDecoding(rows, encoded) {
  for (const name of COLUMN_NAMES) {
    const column = decodeColumn(name, encoded.get(name));
    rows.forEach((row, each) => assertEqual(column.get(each), row[name], name));
  }
}

function compare(name, count, ours, floors) {
  const sizes = Object.entries(ours[0].sizes).map(([column, size]) => [column, size / count]);
  const bytes = sizes.reduce((total, [, size]) => total + size, 0);
  const parts = sizes
    .filter(([, size]) => size >= 0.1)
    .map(([column, size]) => `${column} ${size.toFixed(1)}`);
  const row = (what, pick, rest) =>
    ratioRow({
      what,
      durability: 'none',
      pairs: ours.map((own, n) => ({ ours: pick(own), floor: pick(floors[n]) })),
      digits: 1,
      floorName: 'F1',
      ...rest,
    });
  const size = row(`block of ${DATA_SETS[name]}`, (run) => run.bytes ?? bytes, {
    unit: 'B per event',
    atMost: TARGETS[name],
  });
  return [
    { ...size, ours: `${size.ours}: ${parts.join(', ')}` },
    row(`encoding of ${DATA_SETS[name]}`, ({ cpuSeconds }) => (cpuSeconds / count) * 1e6, {
      unit: 's CPU per million',
    }),
  ];
}
