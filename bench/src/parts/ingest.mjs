import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { generate } from '../d1.mjs';
import { insertRaw, toRows } from '../floors.mjs';
import { assertEqual, folderBytes, inFolder, repeat, summary, timed } from '../measure.mjs';

const CHUNK = 500;

/** Embedded and durable, from `log` to the row, against F1. */
export async function ingest({ events, runs }) {
  const inputs = generate(events);
  const unique = new Set(inputs.map((input) => input.id)).size;
  const rows = toRows(inputs);

  const floors = await repeat(runs, () =>
    inFolder(async (folder) => {
      const run = await timed(async () => insertRaw(folder, rows));
      assertEqual(run.result, unique, 'rows of the floor');
      return { ...run, bytes: folderBytes(folder) };
    }),
  );
  const ours = await repeat(runs, () =>
    inFolder(async (folder) => {
      const vigilant = createVigilant({ ...sqlite(folder), batch: { intervalMs: 1_000 }, freshMs: 600_000 });
      await vigilant.open();
      const run = await timed(async () => {
        const running = new Set();
        for (let start = 0; start < inputs.length; start += CHUNK) {
          const batch = vigilant.logBatch(inputs.slice(start, start + CHUNK));
          running.add(batch);
          void batch.finally(() => running.delete(batch));
          if (running.size >= 16) await Promise.race(running);
        }
        await Promise.all(running);
        await vigilant.flush({ timeoutMs: 600_000 });
      });
      const { store } = await vigilant.status();
      assertEqual(store.events, unique, 'rows stored');
      await vigilant.close();
      return { ...run, bytes: folderBytes(folder) };
    }),
  );

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
    row('bytes on disk', size, 'B an event', 0, '≤ 1.15', (ratio) => ratio <= 1.15),
  ];
}
