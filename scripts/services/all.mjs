import { say } from '../lib/setup.mjs';
import { findChromium } from './chromium.mjs';
import { startKafka } from './kafka.mjs';
import { startMariadb, startMysql } from './mysql.mjs';
import { Unavailable } from './tools.mjs';
import { findXvfb } from './xvfb.mjs';

/** Services, each with the variable for the address of a running one. For Chromium and Xvfb this is the path of the program. */
export const SERVICES = {
  kafka: { name: 'Kafka', variable: 'VIGILANT_TEST_KAFKA', start: startKafka },
  mariadb: { name: 'MariaDB', variable: 'VIGILANT_TEST_MARIADB', start: startMariadb },
  mysql: { name: 'MySQL', variable: 'VIGILANT_TEST_MYSQL', start: startMysql },
  chromium: { name: 'Chromium', variable: 'VIGILANT_TEST_CHROMIUM', start: findChromium },
  xvfb: { name: 'Xvfb', variable: 'VIGILANT_TEST_XVFB', start: findXvfb },
};

/**
 * Starts services concurrently, except those whose address is in the environment.
 *
 * @param {readonly string[]} wanted - Keys of `SERVICES`.
 * @returns {Promise<{ addresses: Record<string, string>, missing: Record<string, string>, stop: () => Promise<void> }>} addresses by
 *   variable, and the reasons why other services are not available
 */
export async function startServices(wanted) {
  const addresses = {};
  const missing = {};
  const servers = [];
  const startOne = async (key) => {
    const { name, variable, start } = SERVICES[key];
    const given = process.env[variable];
    if (given) {
      say(`using ${name} at the address in ${variable}`);
      addresses[variable] = given;
      return;
    }
    try {
      const server = await start();
      servers.push(server);
      addresses[variable] = server.address;
      say(`${name} is available at ${server.address}`);
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
