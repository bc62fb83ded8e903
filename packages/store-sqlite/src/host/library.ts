import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { reasonOf } from '@vigilant/core/adapter';
import { driverMissing } from '../sqlite/driver-error';
import type { DriverPlace } from '../sqlite/driver';
import type { SqliteDriver } from './driver-option';

const NAME = 'better-sqlite3';

/**
 * Finds the driver for a worker, which cannot resolve packages itself.
 *
 * Resolves from this package, whether ESM, CommonJS or bundled into an application, then from the main program and the
 * working directory.
 *
 * @throws {VigilantError} `VIGILANT_DRIVER_MISSING`
 */
export function findLibrary(driver: SqliteDriver = NAME): DriverPlace {
  if (typeof driver === 'function') return { library: fileOfClass(driver) };
  const isUrl = driver instanceof URL || driver.startsWith('file:');
  const name = isUrl ? fileURLToPath(driver) : driver;
  if (!name.endsWith('.node'))
    return { library: resolveName(/^\.\.?([/\\]|$)/.test(name) ? resolve(name) : name) };
  const binding = resolve(name);
  if (!existsSync(binding))
    throw driverMissing(`The driver ${binding} does not exist`, 'Pass the path of its better_sqlite3.node.');
  return { library: resolveName(NAME), binding };
}

function resolveName(name: string): string {
  const searched = places();
  let failure: unknown;
  for (const place of searched) {
    try {
      return requireFrom(place).resolve(name);
    } catch (error) {
      failure = error;
    }
  }
  throw driverMissing(
    `${name} was not found from ${searched.join(' or ')} (${reasonOf(failure).split('\n', 1)[0]})`,
    `Run \`npm install ${NAME}\`. If a bundler or a deployment leaves it out, include it and pass its path as the option driver.`,
    failure,
  );
}

/** Returns the file that exports a class. Loaded CommonJS modules are in the cache that all `require` functions share. */
function fileOfClass(driver: SqliteDriver): string {
  const { cache } = requireFrom(workingDirectory());
  for (const [file, module] of Object.entries(cache)) {
    if (module?.exports === driver) return file;
  }
  throw driverMissing(
    'The file of the class in the option driver is unknown, because a bundler included it or it is not a CommonJS module',
    `Exclude ${NAME} from the bundle, or pass the path of the package.`,
  );
}

/** Creates a `require` function. Bundlers replace the calls of an imported `createRequire`, but not those of the property. */
function requireFrom(place: string): NodeJS.Require {
  return nodeModule.createRequire(place);
}

/** Returns the URLs of the files from which packages are resolved. */
function places(): readonly string[] {
  const found = new Set<string>();
  const own = ownFile();
  if (own !== undefined) found.add(pathToFileURL(own).href);
  // CommonJS has no URL. webpack replaces it with the URL that the file had during the build.
  if (typeof import.meta.url === 'string' && import.meta.url !== '') found.add(import.meta.url);
  const [, program] = process.argv;
  if (program !== undefined) found.add(pathToFileURL(program).href);
  found.add(workingDirectory());
  return [...found];
}

/** Returns the path of this file in CommonJS. Bundlers evaluate `typeof __filename` although an ES module has none. */
function ownFile(): string | undefined {
  try {
    return __filename;
  } catch {
    return undefined;
  }
}

/** Returns the URL of a file in the working directory, from which `require` resolves. */
function workingDirectory(): string {
  return pathToFileURL(join(process.cwd(), 'package.json')).href;
}
