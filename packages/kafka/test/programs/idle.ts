// Opens an engine on Kafka, stays idle, and prints its CPU usage in percent of a core: idle <broker> <topic> <milliseconds>.
import { createMemoryStore, createVigilant } from '@vigilant/core';
import { createKafkaBroker } from '@vigilant/kafka';

const [, , broker = '', topic = '', idleMs = '0'] = process.argv;
const vigilant = createVigilant({
  broker: createKafkaBroker({ brokers: [broker], topic, groupId: topic }),
  store: createMemoryStore(),
  // The topic of the test has one replica, which the broker warns of.
  onDiagnostic: () => {},
});
await vigilant.log({ message: 'once' });
await vigilant.flush({ timeoutMs: 20_000 });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
await pause(2_000);
const before = process.cpuUsage();
await pause(Number(idleMs));
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpuPercent: (user + system) / 10 / Number(idleMs) }));
await vigilant.close();
