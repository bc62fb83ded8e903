import { invalidOption } from '@vigilant/core/adapter';
import { fileURLToPath } from 'node:url';

/**
 * Location of `better-sqlite3`, or of a package with the same interface.
 *
 * - A path or `file:` URL of the package or its entry file. A relative path starts at the working directory.
 * - The name of a package, resolved like `better-sqlite3` itself.
 * - A path or `file:` URL of the native binary `better_sqlite3.node`, for the JavaScript part that is found by default.
 * - The class that the package exports. It must have been loaded by Node.js and not be part of a bundle, because worker
 *   threads load the same file again.
 */
export type SqliteDriver = string | URL | (abstract new (...parameters: never[]) => unknown);

/** Checks the option that holds a driver. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkDriverOption(path: string, driver: unknown): SqliteDriver | undefined {
  if (driver === undefined || typeof driver === 'function') return driver as SqliteDriver | undefined;
  const address = driver instanceof URL ? driver.href : driver;
  const location = typeof address === 'string' ? locationOf(address, driver instanceof URL) : undefined;
  if (location !== undefined && location !== '' && !location.includes('\0')) return driver as SqliteDriver;
  throw invalidOption(path, 'a path, a file: URL, a package name or the class of better-sqlite3', address);
}

/** Returns the path of a `file:` URL, and other texts unchanged; `undefined` if the URL is not that of a local file. */
function locationOf(address: string, isUrl: boolean): string | undefined {
  if (!isUrl && !address.startsWith('file:')) return address;
  try {
    return fileURLToPath(address);
  } catch {
    return undefined;
  }
}
