import { randomUUID } from 'node:crypto';
import { createVigilant } from '@vigilant/core';
import { encodeEvent } from '@vigilant/core/adapter';
import { createKafkaBroker } from '@vigilant/kafka';
import { createMysqlStore } from '@vigilant/store-mysql';
import { generate } from '../d1.mjs';
import { chunksOf, createContext, toEvents } from '../events.mjs';
import { createKafkaFloor, onTopic } from '../kafka-floor.mjs';
import { assertEqual, repeat } from '../measure.mjs';
import { inDatabase } from '../mysql-floor.mjs';
import { createPace, rateRow } from '../rate.mjs';

const BATCH = 5_000;
const FLUSH_MS = 300_000;

/** Of all events: each goes through both servers. But no fewer than make some batches. */
const SHARE = 0.5;
const FEWEST_EVENTS = 20_000;

/** From Kafka through the engine into the store, against that store alone: at half of it the store takes half of the time. */
export async function kafkaToStore({ kafka, mariadb }, { events, runs }) {
  const inputs = generate(Math.max(FEWEST_EVENTS, Math.floor(events * SHARE)));
  const unique = new Set(inputs.map((input) => input.id)).size;
  const pairs = await repeat(runs, async () => ({
    floor: await inDatabase(mariadb, (url) => storeAlone(url, toEvents(inputs), unique)),
    ours: await inDatabase(mariadb, (url) =>
      onTopic(kafka, randomUUID(), (topic) => wholePath(kafka, topic, url, toEvents(inputs), unique)),
    ),
  }));
  return [
    rateRow({
      ...{ what: 'Kafka to MariaDB through the engine', durability: 'fsync', floorName: 'store alone' },
      ...{ pairs, target: 'store-bound: ≥ 0.5', atLeast: 0.5 },
    }),
  ];
}

async function storeAlone(url, events, unique) {
  const store = createMysqlStore({ url });
  const pace = paceOf(store);
  await store.open(createContext());
  for (const batch of chunksOf(events, BATCH)) await store.append(batch);
  assertEqual((await store.status()).events, unique, 'rows stored');
  await store.close();
  return pace.perSecond;
}

async function wholePath(address, topic, url, events, unique) {
  const records = events.map((event) => ({ key: event.id, value: encodeEvent(event) }));
  await createKafkaFloor(address).publish(topic, chunksOf(records, 500), 4);
  const store = createMysqlStore({ url });
  const pace = paceOf(store);
  const broker = createKafkaBroker({ brokers: [address], topic, groupId: topic });
  const vigilant = createVigilant({ broker, store });
  await vigilant.open();
  await vigilant.flush({ timeoutMs: FLUSH_MS });
  const status = await vigilant.status();
  assertEqual(status.store.events, unique, 'rows stored');
  await vigilant.close();
  return pace.perSecond;
}

/** The pace at which a store takes events. */
function paceOf(store) {
  const pace = createPace();
  const append = store.append.bind(store);
  store.append = async (batch) => {
    const result = await append(batch);
    pace.add(batch.length);
    return result;
  };
  return pace;
}
