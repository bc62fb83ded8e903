import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { VigilantError } from '@vigilant/core';

const NAME = 'better-sqlite3';

/**
 * Finds the native library for a worker, which cannot resolve packages itself.
 *
 * Resolves from this package, whether ESM, CommonJS or bundled into an application, then from the working directory.
 *
 * @throws {VigilantError} `VIGILANT_DRIVER_MISSING`
 */
export function findLibrary(): string {
  for (const place of places()) {
    try {
      return createRequire(place).resolve(NAME);
    } catch {
      // Tries the next place.
    }
  }
  throw new VigilantError(
    'VIGILANT_DRIVER_MISSING',
    `${NAME} is not installed. Run \`npm install ${NAME}\`, or use the memory adapters.`,
  );
}

function places(): readonly string[] {
  const found: string[] = [];
  // The module format decides which of the two exists.
  if (typeof import.meta.url === 'string' && import.meta.url !== '') found.push(import.meta.url);
  if (typeof __filename === 'string') found.push(__filename);
  found.push(pathToFileURL(join(process.cwd(), 'package.json')).href);
  return found;
}
