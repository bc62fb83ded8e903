import { statSync } from 'node:fs';

/**
 * Returns the identity of the file at a path; `undefined` if there is none.
 *
 * Does not open the file: closing it would release the locks that SQLite holds in this process.
 */
export function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}
