import { randomUUID } from 'node:crypto';
import { encodeEventJson } from '@vigilant/core/adapter';
import { createKafkaBroker } from '@vigilant/kafka';
import { generate } from '../data-sets.mjs';
import { chunksOf, createContext, toEvents } from '../events.mjs';
import { createKafkaFloor, onTopic } from '../kafka-floor.mjs';
import { assertEqual, inFlight, repeat, timed } from '../measure.mjs';
import { createRateMeter, rateRow } from '../rate.mjs';

const BATCH = 500;
const IN_FLIGHT = 4;
const CONSUME_MS = 120_000;
const WHY =
  'The same thread encodes the events and runs kafkajs, whose hashing of keys with emulated 64-bit numbers takes as long as the encoding.';

/** Compares publishing and consuming of the broker alone with F5. */
export async function kafkaBroker({ kafka: address }, { events, runs }) {
  const inputs = generate(events);
  const records = toEvents(inputs).map((event) => ({ key: event.id, value: encodeEventJson(event) }));
  const pairs = await repeat(runs, async () => ({
    floor: await onTopic(address, randomUUID(), (topic) => floorRun(address, topic, records)),
    ours: await onTopic(address, randomUUID(), (topic) => ourRun(address, topic, toEvents(inputs))),
  }));
  const row = (what, pick, rest) =>
    rateRow({
      what,
      durability: 'acks=all',
      floorName: 'F5',
      ...rest,
      pairs: pairs.map(({ ours, floor }) => ({ ours: pick(ours), floor: pick(floor) })),
    });
  return [
    row(`Kafka broker publishing, batches of ${BATCH}, ${IN_FLIGHT} in flight`, (run) => run.in, {
      atLeast: 0.7,
      why: WHY,
    }),
    row('Kafka broker consuming, decoded and acknowledged', (run) => run.out, {
      target: 'none: limited by the store',
    }),
  ];
}

async function floorRun(address, topic, records) {
  const floor = createKafkaFloor(address);
  const seconds = await floor.publish(topic, chunksOf(records, BATCH), IN_FLIGHT);
  const meter = await floor.consume(topic, records.length);
  assertEqual(meter.count, records.length, 'messages of the floor');
  return { in: records.length / seconds, out: meter.perSecond };
}

async function ourRun(address, topic, events) {
  const broker = createKafkaBroker({ brokers: [address], topic, groupId: topic });
  await broker.open(createContext());
  const batches = chunksOf(events, BATCH);
  const { seconds } = await timed(() => inFlight(batches, IN_FLIGHT, (batch) => broker.publish(batch)));
  const meter = await consume(broker, events.length);
  await broker.close();
  return { in: events.length / seconds, out: meter.perSecond };
}

/** Consumes and acknowledges all published events. */
async function consume(broker, count) {
  const meter = createRateMeter();
  const acks = [];
  const ending = new AbortController();
  const { signal } = ending;
  const timer = setTimeout(() => ending.abort(), CONSUME_MS);
  for await (const delivery of broker.consume({ signal })) {
    acks.push(delivery.ack());
    meter.add(delivery.events.length);
    if (meter.count < count) continue;
    await Promise.all(acks);
    meter.add(0);
    const { complete } = await broker.barrier({ signal });
    assertEqual(complete, true, 'everything acknowledged');
    ending.abort();
  }
  clearTimeout(timer);
  assertEqual(meter.count, count, 'events delivered');
  return meter;
}
