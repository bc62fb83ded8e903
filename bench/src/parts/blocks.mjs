import { COLUMN_NAMES, MAX_ROWS, columnsOf, decodeColumn, encodeParts } from '@vigilant/blocks';
import { inChild } from '../child.mjs';
import { DATA_SETS, MAX_BYTES, WHY_BYTES, createDataSet } from '../data-sets.mjs';
import { toColumns } from '../floors.mjs';
import { assertEqual, createStopwatch, repeat, summary } from '../measure.mjs';
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

/** Compares the columns and sets of blocks, without the index of ids, with the rows of F1. */
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

/** Encodes and decodes a data set in blocks. The preparation of the rows is not measured. Returns the totals of each part. */
function encodeAll(dataSet, check) {
  const parts = {};
  for (const inputs of dataSet.chunks(MAX_ROWS)) {
    const rows = inputs.map(toBlockRow);
    const encoded = encodeBlock(rows, parts);
    for (const name of COLUMN_NAMES) decode(name, encoded.get(name), parts[name], check ? rows : undefined);
  }
  return parts;
}

/** Encodes one block and adds the bytes and the CPU time of each part to the totals. */
function encodeBlock(rows, totals) {
  const parts = encodeParts(columnsOf(rows));
  const encoded = new Map();
  for (;;) {
    const watch = createStopwatch();
    watch.start();
    const { value: part, done } = parts.next();
    watch.stop();
    if (done) return encoded;
    const total = (totals[part.name] ??= { bytes: 0, encoding: 0, decoding: 0 });
    total.bytes += part.bytes.byteLength;
    total.encoding += watch.cpuSeconds;
    encoded.set(part.name, part.bytes);
  }
}

/** Decodes every value of a column and adds the CPU time to the total. Compares the values with those of the rows. */
function decode(name, bytes, total, rows) {
  const watch = createStopwatch();
  watch.start();
  const column = decodeColumn(name, bytes);
  const values = column.values ?? Array.from({ length: column.length }, (_, row) => column.get(row));
  watch.stop();
  total.decoding += watch.cpuSeconds;
  rows?.forEach((row, each) => assertEqual(values[each], row[name], name));
}

function toBlockRow(input, index) {
  const values = toColumns(input);
  return {
    sequence: index + 1,
    id: decoded(input.id),
    ...Object.fromEntries(FIELDS.map((field, column) => [field, decoded(values[column])])),
  };
}

/** Returns a text as it is after decoding, in one piece. A text that was just concatenated is not. */
function decoded(value) {
  return typeof value === 'string' ? Buffer.from(value).toString() : value;
}

function compare(name, count, ours, floors) {
  const row = (what, field, perEvent, floorOf, rest) =>
    withParts(ours, field, perEvent, {
      what: `${what} ${DATA_SETS[name]}`,
      durability: 'none',
      pairs: ours.map((parts, n) => ({
        ours: perEvent(sumOf(parts, field)),
        floor: floorOf?.(floors[n]),
      })),
      digits: 1,
      floorName: floorOf && 'F1',
      ...rest,
    });
  const bytes = (total) => total / count;
  const cpu = (seconds) => (seconds / count) * 1e6;
  return [
    row('block of', 'bytes', bytes, (floor) => floor.bytes, {
      unit: 'B per event',
      atMost: MAX_BYTES[name],
      why: WHY_BYTES[name],
    }),
    row('encoding of', 'encoding', cpu, (floor) => cpu(floor.cpuSeconds), { unit: 's CPU per million' }),
    row('decoding of', 'decoding', cpu, undefined, { unit: 's CPU per million' }),
  ];
}

const sumOf = (parts, field) => Object.values(parts).reduce((total, part) => total + part[field], 0);

/** Creates a row that names the median of each part, unless it is less than 0.05. */
function withParts(ours, field, perEvent, row) {
  const created = ratioRow(row);
  const medians = Object.keys(ours[0]).map((name) => [
    name,
    summary(ours.map((parts) => perEvent(parts[name][field]))).median,
  ]);
  const texts = medians
    .filter(([, value]) => value >= 0.05)
    .map(([name, value]) => `${name} ${value.toFixed(field === 'bytes' ? 1 : 2)}`);
  return { ...created, ours: `${created.ours}: ${texts.join(', ')}` };
}
