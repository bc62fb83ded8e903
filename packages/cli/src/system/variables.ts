import { nearName } from '@vigilant/core/adapter';
import { UsageError } from './system';

/** The variable that names the browser. */
export const BROWSER_VARIABLE = 'VIGILANT_BROWSER';

/** A variable of the standalone server whose name is similar. Users may set both. */
const SIMILAR = 'VIGILANT_BROKER';

/** Rejects misspelt names of variables of this program. @throws {UsageError} */
export function checkVariables(env: Readonly<Record<string, string | undefined>>): void {
  const known = [BROWSER_VARIABLE, SIMILAR];
  for (const name of Object.keys(env)) {
    if (!name.startsWith('VIGILANT_') || known.includes(name)) continue;
    if (nearName(name, known) === BROWSER_VARIABLE)
      throw new UsageError(`${name} is not a variable of vigilant. Did you mean "${BROWSER_VARIABLE}"?`);
  }
}
