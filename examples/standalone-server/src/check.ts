import { compose } from './compose';
import { explain } from './explain';
import type { Environment } from './settings';
import { readSettings } from './settings';

/** Checks the variables without opening anything. @throws {Error} that names the variable whose name or value is wrong */
export function checkEnvironment(environment: Environment): void {
  const settings = readSettings(environment);
  try {
    compose(settings, () => {});
  } catch (error) {
    throw new Error(explain(error, settings), { cause: error });
  }
}
