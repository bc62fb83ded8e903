import { randomBytes } from 'node:crypto';
import { copyFileSync, linkSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { identityOf } from './file-identity';

// The last connection to a database copies its `-wal` into it and deletes the file at that path. These functions prevent
// that. Each returns a function that restores the `-wal` after the connection is closed.

/** Keeps a `-wal` that is not the one of the connection. It may hold commits of a process that was killed. */
export function keepLog(database: string): () => void {
  const { log, kept } = namesOf(database);
  try {
    linkSync(log, kept);
  } catch {
    return () => {};
  }
  return () => (identityOf(log) === undefined ? renameSync(kept, log) : rmSync(kept, { force: true }));
}

/** Hides the contents of a truncated `-wal`. The next connection finds out how much of it is complete. */
export function hideLog(database: string): () => void {
  const { log, kept } = namesOf(database);
  try {
    copyFileSync(log, kept);
    truncateSync(log);
  } catch {
    rmSync(kept, { force: true });
    return () => {};
  }
  return () => renameSync(kept, log);
}

function namesOf(database: string): { readonly log: string; readonly kept: string } {
  const log = `${database}-wal`;
  return { log, kept: `${log}-kept-${randomBytes(4).toString('hex')}` };
}
