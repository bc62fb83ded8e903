import { inChild } from '../child.mjs';
import { DATA_SETS, MAX_BYTES, WHY_BYTES } from '../data-sets.mjs';
import { repeat } from '../measure.mjs';
import { formatCount, ratioRow } from '../rows.mjs';

/** Number of events with which the kinds of ids and the data sets are compared. */
const SMALL = 100_000;
const MAX_GROWTH = 1.15;

const WHY_CPU =
  'Encoding a block takes half of the time of the store. Comparing the repeated ids of old events with their blocks takes a tenth of it. The garbage collector moves the events that the application holds until they are accepted.';
const WHY_RATE =
  'The host thread is the bottleneck. It also generates the events, whose CPU time is subtracted from the row below but not from the time. It shares two processors with the journal and the store.';
const WHY_DELAY =
  'In each turn, the application generates and logs a batch of 500 events. The garbage collector and the other threads interrupt it.';
/** Reason if the target for bytes is missed, by kind of ids. */
const WHY_IDS = {
  v4: 'An id has 122 random bits and 7 bytes in the index of ids.',
};

/** Compares an embedded, durable engine, from `logBatch` to the stored event, with F1. */
export async function ingest(options) {
  const measured = [];
  for (const dataSet of dataSetsOf(options)) {
    const runs = await repeat(options.runsOf(dataSet.count, dataSet.name), () => measure(dataSet));
    measured.push({ dataSet, runs });
  }
  return [...measured.flatMap(toRows), ...growth(measured)];
}

/** Returns the small size with every kind of id and every data set, and larger sizes with D1 and UUIDv7, unless options select others. */
function dataSetsOf({ sizes, ids, data }) {
  return sizes.flatMap((count) => {
    const isSmall = count <= SMALL;
    const kinds = (ids ?? (isSmall ? ['v7', 'v4', 'integer'] : ['v7'])).map((kind) => ({
      name: 'D1',
      ids: kind,
    }));
    const names = (data ?? (isSmall ? Object.keys(DATA_SETS) : ['D1'])).filter((name) => name !== 'D1');
    const others = names.map((name) => ({ name, ids: 'v7' }));
    return [...kinds, ...others].map((dataSet) => ({ ...dataSet, count }));
  });
}

async function measure(dataSet) {
  const generator = await inChild('generate', dataSet);
  const floor = await inChild('insert-raw', dataSet);
  const ours = await inChild('ingest', dataSet);
  return { floor, ours: { ...ours, cpuSeconds: ours.cpuSeconds - generator.cpuSeconds }, generator };
}

function toRows({ dataSet, runs }) {
  const { count, name, ids } = dataSet;
  const what = `${formatCount(count)} ${name}, ${ids} ids`;
  const row = (label, pick, rest) =>
    ratioRow({
      what: `${label}, ${what}`,
      durability: 'fsync',
      pairs: runs.map(({ ours, floor }) => ({ ours: pick(ours), floor: pick(floor) })),
      ...rest,
    });
  const perMillion = ({ cpuSeconds }) => (cpuSeconds / count) * 1e6;
  const bytes = row('bytes on disk', (run) => run.bytes, {
    unit: 'B per event',
    floorName: 'F1',
    atMost: MAX_BYTES[name],
    why: WHY_BYTES[name] ?? WHY_IDS[ids],
    key: name === 'D1' && ids === 'v7' ? `bytes ${count}` : undefined,
  });
  const cpu = row('CPU of the whole path', perMillion, {
    unit: 's per million',
    digits: 1,
    floorName: 'F1',
    atMost: 2.8,
    why: WHY_CPU,
    key: name === 'D1' && ids === 'v7' ? `cpu ${count}` : undefined,
  });
  if (name !== 'D1') return [bytes, cpu];
  return [
    row('embedded, durable, end to end', ({ seconds }) => count / seconds, {
      unit: 'events/s',
      floorName: 'F1',
      atLeast: 0.6,
      why: WHY_RATE,
      key: ids === 'v7' ? `rate ${count}` : undefined,
    }),
    cpu,
    bytes,
    row('bytes written', (run) => run.written, { unit: 'B per event', floorName: 'F1' }),
    row('peak resident memory', (run) => run.peakRss / 1e6, { unit: 'MB', floorName: 'F1' }),
    row('event-loop delay of the host, p99', (run) => run.delay?.p99, {
      unit: 'ms',
      digits: 1,
      limit: 10,
      why: WHY_DELAY,
    }),
  ];
}

/** Compares the cost of an event in the largest data set with that in the smallest, of one kind. */
function growth(measured) {
  const ofD1 = measured.filter(({ dataSet }) => dataSet.name === 'D1' && dataSet.ids === 'v7');
  if (ofD1.length < 2) return [];
  const [small, large] = [ofD1[0], ofD1.at(-1)];
  const row = (label, cost, unit, digits) =>
    ratioRow({
      what: `${label} at ${formatCount(large.dataSet.count)} against ${formatCount(small.dataSet.count)}`,
      durability: 'fsync',
      pairs: large.runs.map(({ ours }, n) => ({
        ours: cost(ours, large.dataSet),
        floor: cost(small.runs[n % small.runs.length].ours, small.dataSet),
      })),
      unit,
      digits,
      floorName: formatCount(small.dataSet.count),
      atMost: MAX_GROWTH,
    });
  return [
    row('time per event', ({ seconds }, { count }) => (seconds / count) * 1e6, 'µs', 1),
    row('CPU', ({ cpuSeconds }, { count }) => (cpuSeconds / count) * 1e6, 's per million', 1),
  ];
}
