import { describe, it } from 'vitest';
import { SERVICES } from './all.mjs';

/** Services that tests use only if the address of a running one is given, because they cannot be started here. */
const GIVEN = { tidb: { name: 'TiDB', variable: 'VIGILANT_TEST_TIDB' } };

/**
 * Describes tests that need a running service. Without it they are skipped with a message, or fail if services are
 * required.
 *
 * @param {'kafka' | 'mariadb' | 'mysql' | 'chromium' | 'xvfb' | 'tidb'} service
 * @param {string} title
 * @param {(address: string) => void} body
 */
export function describeWithService(service, title, body) {
  const { name, variable } = { ...SERVICES, ...GIVEN }[service];
  const address = process.env[variable];
  describeIf(
    address !== undefined,
    `${name} is not running. \`npm test\` starts it; or set ${variable}.`,
    title,
    () => body(address ?? ''),
  );
}

/**
 * Describes tests that start services themselves, to stop or configure them.
 *
 * @param {readonly ('kafka' | 'mariadb' | 'mysql' | 'chromium' | 'xvfb')[]} services
 * @param {string} title
 * @param {() => void} body
 */
export function describeWithOwnServices(services, title, body) {
  const startable = (process.env['VIGILANT_TEST_STARTABLE'] ?? '').split(',');
  const missing = services.filter((service) => !startable.includes(service));
  const reason = `${missing.join(' and ')} cannot be started here, or the tests were not run by \`npm test\`.`;
  describeIf(missing.length === 0, reason, title, body);
}

/**
 * @param {boolean} condition
 * @param {string} reason
 * @param {string} title
 * @param {() => void} body
 */
function describeIf(condition, reason, title, body) {
  if (condition) return void describe(title, body);
  if (process.env['VIGILANT_REQUIRE_SERVICES'] === '1')
    return void it(title, () => {
      throw new Error(reason);
    });
  console.warn(`SKIPPED ${title}: ${reason}`);
  describe.skip(`${title} (${reason})`, () => it('needs a service', () => {}));
}
