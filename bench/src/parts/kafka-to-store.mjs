import { randomUUID } from 'node:crypto';
import { createVigilant } from '@vigilant/core';
import { encodeEventJson } from '@vigilant/core/adapter';
import { createKafkaBroker } from '@vigilant/kafka';
import { createMysqlStore } from '@vigilant/store-mysql';
import { generate } from '../data-sets.mjs';
import { chunksOf, createContext, toEvents } from '../events.mjs';
import { createKafkaFloor, onTopic } from '../kafka-floor.mjs';
import { assertEqual, repeat } from '../measure.mjs';
import { inDatabase } from '../mysql-floor.mjs';
import { createRateMeter, rateRow } from '../rate.mjs';

const BATCH = 5_000;
const FLUSH_MS = 300_000;

/** Share of all events that is used, because each event passes through both servers. */
const SHARE = 0.5;
/** Fewer events would fill too few batches. */
const MIN_EVENTS = 20_000;

/** Compares the path from Kafka through the engine to the store with the store alone. At 0.5, half of the time is spent in the store. */
export async function kafkaToStore({ kafka, mariadb }, { events, runs }) {
  const inputs = generate(Math.max(MIN_EVENTS, Math.floor(events * SHARE)));
  const unique = new Set(inputs.map((input) => input.id)).size;
  const pairs = await repeat(runs, async () => ({
    floor: await inDatabase(mariadb, (url) => storeAlone(url, toEvents(inputs), unique)),
    ours: await inDatabase(mariadb, (url) =>
      onTopic(kafka, randomUUID(), (topic) => wholePath(kafka, topic, url, toEvents(inputs), unique)),
    ),
  }));
  return [
    rateRow({
      what: 'Kafka to MariaDB through the engine',
      durability: 'fsync',
      floorName: 'store alone',
      pairs,
      atLeast: 0.5,
    }),
  ];
}

async function storeAlone(url, events, unique) {
  const store = createMysqlStore({ url });
  const meter = measureAppends(store);
  await store.open(createContext());
  for (const batch of chunksOf(events, BATCH)) await store.append(batch);
  assertEqual((await store.status()).events, unique, 'rows stored');
  await store.close();
  return meter.perSecond;
}

async function wholePath(address, topic, url, events, unique) {
  const records = events.map((event) => ({ key: event.id, value: encodeEventJson(event) }));
  await createKafkaFloor(address).publish(topic, chunksOf(records, 500), 4);
  const store = createMysqlStore({ url });
  const meter = measureAppends(store);
  const broker = createKafkaBroker({ brokers: [address], topic, groupId: topic });
  const vigilant = createVigilant({ broker, store });
  await vigilant.open();
  await vigilant.flush({ timeoutMs: FLUSH_MS });
  const status = await vigilant.status();
  assertEqual(status.store.events, unique, 'rows stored');
  await vigilant.close();
  return meter.perSecond;
}

/** Measures the rate at which a store appends events. */
function measureAppends(store) {
  const meter = createRateMeter();
  const append = store.append.bind(store);
  store.append = async (batch) => {
    const result = await append(batch);
    meter.add(batch.length);
    return result;
  };
  return meter;
}
