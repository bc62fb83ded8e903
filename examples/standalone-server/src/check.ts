import { compose } from './compose';
import { explain } from './explain';
import { readFlags } from './flags';
import { prepareFolder } from './folder';
import type { Settings } from './settings';
import { readSettings } from './settings';
import type { Environment } from './variables';

/**
 * Reads and checks all settings without opening anything. Creates the folder of the data if `npm start` or the server uses it.
 *
 * @throws {Error} that names the argument or the variable whose name or value is wrong
 */
export async function checkSettings(
  environment: Environment,
  commandLine: readonly string[],
): Promise<Settings> {
  const settings = readSettings(environment, readFlags(commandLine));
  const { broker, store, folder } = settings;
  const usesFolder =
    [broker, store].includes('sqlite') ||
    (broker === 'kafka' && !environment['VIGILANT_KAFKA_BROKERS']) ||
    (store === 'mysql' && !environment['VIGILANT_MYSQL_URL']);
  try {
    if (usesFolder) prepareFolder(folder);
    await compose(settings, () => {});
  } catch (error) {
    throw new Error(explain(error, settings), { cause: error });
  }
  return settings;
}
