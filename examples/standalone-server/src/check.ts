import { compose } from './compose';
import { explain } from './explain';
import { readFlags } from './flags';
import type { Settings } from './settings';
import { readSettings } from './settings';
import type { Environment } from './variables';

/**
 * Reads and checks all settings without opening anything.
 *
 * @throws {Error} that names the argument or the variable whose name or value is wrong
 */
export function checkSettings(environment: Environment, commandLine: readonly string[]): Settings {
  const settings = readSettings(environment, readFlags(commandLine));
  try {
    compose(settings, () => {});
  } catch (error) {
    throw new Error(explain(error, settings), { cause: error });
  }
  return settings;
}
