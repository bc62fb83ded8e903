import { say } from '../lib/setup.mjs';
import { startKafka } from './kafka.mjs';
import { startMariadb, startMysql } from './mysql.mjs';
import { Unavailable } from './tools.mjs';

/** What can be started, and by which variable a server of one's own is named instead. */
export const SERVICES = {
  kafka: { name: 'Kafka', variable: 'VIGILANT_TEST_KAFKA', start: startKafka },
  mariadb: { name: 'MariaDB', variable: 'VIGILANT_TEST_MARIADB', start: startMariadb },
  mysql: { name: 'MySQL', variable: 'VIGILANT_TEST_MYSQL', start: startMysql },
};

/**
 * Starts services side by side, those apart that the environment already names.
 *
 * @param {readonly string[]} wanted - Keys of `SERVICES`.
 * @returns {Promise<{ addresses: Record<string, string>, missing: Record<string, string>, stop: () => Promise<void> }>} addresses by variable,
 *   and why the others cannot be had
 */
export async function startServices(wanted) {
  const addresses = {};
  const missing = {};
  const servers = [];
  const startOne = async (key) => {
    const { name, variable, start } = SERVICES[key];
    const given = process.env[variable];
    if (given) {
      say(`using the ${name} at ${variable}`);
      addresses[variable] = given;
      return;
    }
    try {
      const server = await start();
      servers.push(server);
      addresses[variable] = server.address;
      say(`started ${name} at ${server.address}`);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      missing[name] = error.message;
    }
  };
  const stop = async () => {
    await Promise.all(servers.map((server) => server.dispose()));
  };
  const results = await Promise.allSettled(wanted.map(startOne));
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return { addresses, missing, stop };
}
