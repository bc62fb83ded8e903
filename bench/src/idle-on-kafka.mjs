// Opens an engine on Kafka and prints the CPU usage of the idle process: idle-on-kafka <broker> <topic> <milliseconds>
import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryStore, createVigilant } from '@vigilant/core';
import { createKafkaBroker } from '@vigilant/kafka';

const SETTLE_MS = 3_000;

const [, , address, topic, idleMs] = process.argv;
const vigilant = createVigilant({
  broker: createKafkaBroker({ brokers: [address], topic, groupId: topic }),
  store: createMemoryStore(),
});
await vigilant.log({ message: 'once' });
await vigilant.flush({ timeoutMs: 20_000 });
await sleep(SETTLE_MS);
const before = process.cpuUsage();
const started = performance.now();
await sleep(Number(idleMs));
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ percent: (user + system) / 10 / (performance.now() - started) }));
await vigilant.close();
