import { statSync } from 'node:fs';

/**
 * Identifies the file at a path; `undefined` when there is none.
 *
 * The file is not opened for this: closing it would drop the locks that SQLite holds in this process.
 */
export function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}
