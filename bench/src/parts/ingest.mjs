import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { generate } from '../d1.mjs';
import { chunksOf } from '../events.mjs';
import { insertRaw, toRows } from '../floors.mjs';
import { assertEqual, folderBytes, inFlight, inFolder, repeat, summary, timed } from '../measure.mjs';

const BATCH = 500;
const IN_FLIGHT = 16;

/** Compares an embedded, durable engine, from `logBatch` to the row, with F1. */
export async function ingest({ events, runs }) {
  const inputs = generate(events);
  const unique = new Set(inputs.map((input) => input.id)).size;
  const rows = toRows(inputs);
  const floors = await repeat(runs, () => inFolder((folder) => floorRun(folder, rows, unique)));
  const ours = await repeat(runs, () => inFolder((folder) => ourRun(folder, inputs, unique)));

  const rate = (list) => summary(list.map(({ seconds }) => events / seconds));
  const cpu = (list) => summary(list.map(({ cpuSeconds }) => (cpuSeconds / events) * 1e6));
  const size = (list) => summary(list.map(({ bytes }) => bytes / unique));
  const row = (what, pick, unit, digits, target, isMet) => {
    const [own, floor] = [pick(ours), pick(floors)];
    const ratio = own.median / floor.median;
    return {
      what: `${what}, ${events.toLocaleString('en')} events`,
      durability: 'fsync',
      ours: `${own.median.toFixed(digits)} ${unit}`,
      floor: `F1 ${floor.median.toFixed(digits)} ${unit}`,
      ratio,
      target,
      isMet: isMet(ratio),
      spread: { ours: own, floor },
    };
  };
  return [
    row('embedded, durable, end to end', rate, 'events/s', 0, '≥ 0.4', (ratio) => ratio >= 0.4),
    row('CPU of the same', cpu, 's per million', 1, '≤ 3.5', (ratio) => ratio <= 3.5),
    row('bytes on disk', size, 'B per event', 0, '≤ 1.15', (ratio) => ratio <= 1.15),
  ];
}

async function floorRun(folder, rows, unique) {
  const run = await timed(async () => insertRaw(folder, rows));
  assertEqual(run.result, unique, 'rows of the floor');
  return { ...run, bytes: folderBytes(folder) };
}

async function ourRun(folder, inputs, unique) {
  const vigilant = createVigilant({ ...sqlite(folder), batch: { intervalMs: 1_000 }, freshMs: 600_000 });
  await vigilant.open();
  const run = await timed(async () => {
    await inFlight(chunksOf(inputs, BATCH), IN_FLIGHT, (batch) => vigilant.logBatch(batch));
    await vigilant.flush({ timeoutMs: 600_000 });
  });
  const { store } = await vigilant.status();
  assertEqual(store.events, unique, 'rows stored');
  await vigilant.close();
  return { ...run, bytes: folderBytes(folder) };
}
