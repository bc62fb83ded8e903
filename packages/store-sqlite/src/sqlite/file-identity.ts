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

/** Returns the size of the file at a path in bytes; 0 if there is none. */
export function fileSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
