// npm start: installs and builds what is missing, checks the variables, and runs the standalone server in this process.
// Without an address of Kafka or MySQL, starts a Kafka or MariaDB server that keeps its data in the server's folder and
// stops with it.
import { resolve } from 'node:path';
import { ensureBuilt, ensureInstalled, main, say } from './lib/setup.mjs';

const { env } = process;

// The server keeps running after the readers of its output have exited.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const { checkEnvironment } = await import('../examples/standalone-server/dist/check.js');
  checkEnvironment(env);
  const data = resolve(env['VIGILANT_DATA'] || './data');
  if (env['VIGILANT_BROKER'] === 'kafka' && !env['VIGILANT_KAFKA_BROKERS']) {
    const { startKafka } = await import('./services/kafka.mjs');
    say('starting Kafka on ports 9092 and 9093; set VIGILANT_KAFKA_BROKERS to use another one');
    const { address, folder } = await startKafka({
      keep: { folder: resolve(data, 'kafka'), ports: [9092, 9093] },
    });
    say(`started Kafka at ${address}, with its data in ${folder}`);
    env['VIGILANT_KAFKA_BROKERS'] = address;
  }
  if (env['VIGILANT_STORE'] === 'mysql' && !env['VIGILANT_MYSQL_URL']) {
    const { startMariadb } = await import('./services/mysql.mjs');
    say('starting MariaDB; set VIGILANT_MYSQL_URL to use another one');
    const { address, folder } = await startMariadb({ keep: { folder: resolve(data, 'mariadb') } });
    env['VIGILANT_MYSQL_URL'] = `${address}/vigilant`;
    say(`started MariaDB at ${address}/vigilant, with its data in ${folder}`);
  }
  say('starting the standalone server');
  await import('../examples/standalone-server/dist/main.js');
});
