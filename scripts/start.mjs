// npm start: sets up whatever is missing and runs the standalone server in this very process. With VIGILANT_BROKER=kafka and
// no VIGILANT_KAFKA_BROKERS it starts a Kafka of its own, which ends with it.
import { resolve } from 'node:path';
import { ensureBuilt, ensureInstalled, main, say } from './lib/setup.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  if (process.env['VIGILANT_BROKER'] === 'kafka' && !process.env['VIGILANT_KAFKA_BROKERS']) {
    const { startKafka } = await import('./services/kafka.mjs');
    const folder = resolve(process.env['VIGILANT_DATA'] || './data', 'kafka');
    say('starting a Kafka on ports 9092 and 9093; set VIGILANT_KAFKA_BROKERS to use your own');
    const { address } = await startKafka({ keep: { folder, ports: [9092, 9093] } });
    say(`started Kafka at ${address}, with its data in ${folder}`);
    process.env['VIGILANT_KAFKA_BROKERS'] = address;
  }
  say('starting the standalone server');
  await import('../examples/standalone-server/dist/main.js');
});
