import { createMysqlStore } from '@vigilant/store-mysql';
import { generate } from '../data-sets.mjs';
import { chunksOf, createContext, toEvents } from '../events.mjs';
import { assertEqual, repeat, timed } from '../measure.mjs';
import { createMysqlFloor, inDatabase, toMysqlRows } from '../mysql-floor.mjs';
import { rateRow } from '../rate.mjs';
import { measureOnServices } from '../services.mjs';

const BATCH = 5_000;
const WHY =
  'The rest is waiting for the server, and a second statement in nearly every batch: one id in 200 exists already, so the store reads which rows were inserted.';

/** Compares the MySQL store with F6, on both servers. */
export function mysql(options) {
  const on = (name, key) => ({
    what: `MySQL store append on ${name}`,
    needs: [key],
    measure: (addresses) => append(name, addresses[key], options),
  });
  return measureOnServices([on('MariaDB', 'mariadb'), on('MySQL', 'mysql')], options);
}

async function append(name, address, { events, runs }) {
  const inputs = generate(events);
  const rows = toMysqlRows(inputs);
  const unique = new Set(inputs.map((input) => input.id)).size;
  const pairs = await repeat(runs, async () => ({
    floor: await inDatabase(address, (url) => floorRun(url, rows, unique)),
    ours: await inDatabase(address, (url) => ourRun(url, toEvents(inputs), unique)),
  }));
  return [
    rateRow({
      what: `MySQL store append on ${name}`,
      durability: 'fsync',
      floorName: 'F6',
      pairs,
      atLeast: 0.7,
      why: WHY,
    }),
  ];
}

async function floorRun(url, rows, unique) {
  const floor = await createMysqlFloor(url);
  const { seconds } = await timed(() => floor.insert(rows));
  assertEqual(await floor.count(), unique, 'rows of the floor');
  await floor.close();
  return rows.length / seconds;
}

async function ourRun(url, events, unique) {
  const store = createMysqlStore({ url });
  await store.open(createContext());
  const { seconds } = await timed(async () => {
    for (const batch of chunksOf(events, BATCH)) await store.append(batch);
  });
  assertEqual((await store.status()).events, unique, 'rows stored');
  await store.close();
  return events.length / seconds;
}
