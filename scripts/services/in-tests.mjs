import { describe, it } from 'vitest';
import { SERVICES } from './all.mjs';

/**
 * Describes what needs a running service, such as `kafka`. Without one it is skipped, in words; where services
 * are required it fails.
 *
 * @param {'kafka' | 'mariadb' | 'mysql'} service
 * @param {string} title
 * @param {(address: string) => void} body
 */
export function describeWithService(service, title, body) {
  const { name, variable } = SERVICES[service];
  const address = process.env[variable];
  describeIf(
    address !== undefined,
    `${name} is not there: \`npm test\` starts it, or set ${variable}.`,
    title,
    () => body(address ?? ''),
  );
}

/**
 * Describes what starts services of its own, to stop or configure them.
 *
 * @param {readonly ('kafka' | 'mariadb' | 'mysql')[]} services
 * @param {string} title
 * @param {() => void} body
 */
export function describeWithOwnServices(services, title, body) {
  const startable = (process.env['VIGILANT_TEST_STARTABLE'] ?? '').split(',');
  const lacking = services.filter((service) => !startable.includes(service));
  const reason = `${lacking.join(' and ')} cannot be started here, or \`npm test\` did not find out.`;
  describeIf(lacking.length === 0, reason, title, body);
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
