// npm start: installs and builds what is missing, checks the settings, and runs the standalone server in this process.
// Without an address of Kafka or MySQL, starts a Kafka or MariaDB server that keeps its data in the server's folder and
// stops with it.
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, main, say } from './lib/setup.mjs';

const { env } = process;

// The server keeps running after the readers of its output have exited.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const { checkSettings } = await import('../examples/standalone-server/dist/check.js');
  const { folder: data, broker, store } = await checkSettings(env, process.argv.slice(2));
  if (broker === 'kafka' && !env['VIGILANT_KAFKA_BROKERS']) {
    const { startKafka } = await import('./services/kafka.mjs');
    say('starting Kafka on ports 9092 and 9093; set VIGILANT_KAFKA_BROKERS to use another one');
    const { address, folder } = await startKafka({
      keep: { folder: join(data, 'kafka'), ports: [9092, 9093] },
    });
    say(`started Kafka at ${address}, with its data in ${folder}`);
    env['VIGILANT_KAFKA_BROKERS'] = address;
  }
  if (store === 'mysql' && !env['VIGILANT_MYSQL_URL']) {
    const { startMariadb } = await import('./services/mysql.mjs');
    say('starting MariaDB; set VIGILANT_MYSQL_URL to use another one');
    const { address, folder } = await startMariadb({ keep: { folder: join(data, 'mariadb') } });
    env['VIGILANT_MYSQL_URL'] = `${address}/vigilant`;
    say(`started MariaDB at ${address}/vigilant, with its data in ${folder}`);
  }
  say('starting the standalone server');
  await import('../examples/standalone-server/dist/main.js');
});
