import { inChild } from '../child.mjs';
import { ID_KINDS } from '../ids.mjs';
import { formatCount, ratioRow } from '../rows.mjs';

/** Compares the cost of events that are already stored with that of new ones. */
export async function duplicates({ events, ids = Object.keys(ID_KINDS) }) {
  const rows = [];
  for (const kind of ids) {
    const run = await inChild('duplicates', { count: events, ids: kind });
    const cpu = ({ cpu }) => (cpu - run.generator) * 1e6;
    const row = (what, part) =>
      ratioRow({
        what: `${what}, ${kind} ids: ${Math.round(part.perSecond).toLocaleString('en')} events/s, CPU`,
        durability: 'fsync',
        pairs: [{ ours: cpu(part), floor: cpu(run.first) }],
        unit: 'µs per event',
        digits: 1,
        floorName: 'new events',
      });
    rows.push(row(`${formatCount(events)} duplicates, all recognised`, run.again));
    rows.push(
      row(`${formatCount(events / 10)} duplicates spread over ${formatCount(events)}`, run.scattered),
    );
  }
  return rows;
}
