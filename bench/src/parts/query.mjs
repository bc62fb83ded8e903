import { inChild } from '../child.mjs';
import { assertEqual, inFolder } from '../measure.mjs';
import { createQuestions } from '../questions.mjs';
import { format, formatCount, ratioRow, timesRow } from '../rows.mjs';

const EXPORT_PER_SECOND = 200_000;
const MAX_DELAY_MS = 10;
const MAX_FRESH_MS = 250;

/** Compares questions with F7: the best hand-written SQL on the same events as plain rows, in process. */
export async function query(options) {
  const rows = [];
  for (const count of options.sizes) rows.push(...(await inFolder((folder) => measure(folder, count))));
  return rows;
}

async function measure(folder, count) {
  const { unique } = await inChild('build-stores', { folder, count, raw: true });
  const floor = await inChild('query-raw', { folder });
  const ours = await inChild('query', { folder, count, unique });
  const of = `of ${formatCount(count)}`;
  const rows = createQuestions().map(({ key, what, limit, why }) => {
    assertEqual(ours.alone[key].found, floor.answers[key].found, `events of the question "${what}"`);
    return timesRow({
      what: `${what}, ${of}`,
      durability: '',
      key: `${key} ${count}`,
      calls: ours.alone[key],
      floor: floor.answers[key],
      busy: ours.busy[key],
      limit,
      why,
    });
  });
  const plain = (what, value, rest) => ratioRow({ what, durability: '', pairs: [{ ours: value }], ...rest });
  return [
    ...rows,
    timesRow({
      what: `newest 100 with every accepted event, at 5,000 events/s, ${of}`,
      durability: 'fsync',
      calls: ours.fresh,
      limit: MAX_FRESH_MS,
    }),
    exportRow(count, ours.exported, floor.exportPerSecond),
    plain(`event-loop delay during "${ours.worst}" ${of}, p99`, ours.worstDelay.p99, {
      unit: 'ms',
      digits: 1,
      limit: MAX_DELAY_MS,
    }),
    plain(`time to open ${formatCount(count)}`, ours.openMs, { unit: 'ms', limit: 1_000 }),
    plain(`peak resident memory with all questions ${of}`, ours.peakRss / 1e6, { unit: 'MB' }),
  ];
}

function exportRow(count, { lines, seconds }, floor) {
  const perSecond = lines / seconds;
  return {
    what: `export of ${formatCount(count)} as NDJSON over HTTP`,
    durability: '',
    key: `export ${count}`,
    ours: `${format(perSecond)} events/s`,
    floor: `F7 ${format(floor)} events/s`,
    ratio: perSecond / floor,
    target: `≥ ${format(EXPORT_PER_SECOND)} events/s`,
    isMet: perSecond >= EXPORT_PER_SECOND,
    why: 'One thread decodes the columns of each event and writes its line.',
  };
}
