import { randomBytes } from 'node:crypto';
import { linkSync, renameSync, rmSync, statSync } from 'node:fs';
import type { Connection } from '../driver';

/** Thrown when the files at the path of an open database are not the files that are open. */
export class FileChangedError extends Error {
  /**
   * @param subject - `database`: the database was moved, deleted or replaced. `log`: the database is the same, but its
   * `-wal` or `-shm` is not. A new connection can continue once all old ones of the process are closed.
   */
  constructor(
    readonly subject: 'database' | 'log',
    message: string,
  ) {
    super(message);
    this.name = 'FileChangedError';
  }
}

/**
 * Identifies the files of an open database: the database, its `-wal` and its `-shm`.
 *
 * SQLite does not notice when they are deleted or replaced, and then commits to a file that no longer has a name. This
 * happens when an application opens and closes the database file itself, such as to copy it: the operating system then
 * drops the locks that SQLite holds in that process, and the next program that closes the database deletes its `-wal`.
 *
 * Call `check` before a commit, to reject what cannot be kept, and again before the commit is acknowledged.
 */
export class DatabaseFiles {
  readonly #path: string;
  /** Identifies the database file, also across threads; see `expected` of the constructor. */
  readonly database: string;
  readonly #log: string;

  /**
   * Records the files of a connection that has just been opened and used.
   *
   * @param expected - The database that was open before, when this connection replaces an earlier one.
   * @throws {FileChangedError} If a file is missing or the database is not the expected one.
   */
  constructor(path: string, expected?: string) {
    this.#path = path;
    this.database = expected ?? identityOf(path) ?? 'missing';
    this.#log = logOf(path);
    this.check();
  }

  /**
   * Closes the connection.
   *
   * The last connection to a database deletes the `-wal` at its path even if it is not its own. Such a file may hold
   * commits of a killed process, so it is kept under a second name during the close and then restored.
   */
  close(connection: Connection): void {
    const log = `${this.#path}-wal`;
    const kept = `${log}-kept-${randomBytes(4).toString('hex')}`;
    const isKept = logOf(this.#path) !== this.#log && keep(log, kept);
    try {
      connection.close();
    } finally {
      if (isKept && identityOf(log) === undefined) renameSync(kept, log);
      else if (isKept) rmSync(kept, { force: true });
    }
  }

  /** Compares the files with those that are open. @throws {FileChangedError} If a file is missing or is another one. */
  check(): void {
    checkDatabase(this.#path, this.database);
    const log = logOf(this.#path);
    if (log !== this.#log || log.includes('missing'))
      throw new FileChangedError(
        'log',
        `The -wal or -shm file of ${this.#path} was deleted or replaced while it was open. ` +
          'Do not open, copy or delete these files while a process uses them.',
      );
  }
}

/**
 * Checks that a path still leads to the database that was open before.
 *
 * @throws {FileChangedError}
 */
export function checkDatabase(path: string, expected: string): void {
  const database = identityOf(path);
  if (database === expected) return;
  const event = database === undefined ? 'moved or deleted' : 'replaced by another file';
  throw new FileChangedError(
    'database',
    `${path} was ${event} while it was open. Put the file back, or restart this process.`,
  );
}

function keep(log: string, kept: string): boolean {
  try {
    linkSync(log, kept);
    return true;
  } catch {
    return false;
  }
}

function logOf(path: string): string {
  return `${identityOf(`${path}-wal`) ?? 'missing'} ${identityOf(`${path}-shm`) ?? 'missing'}`;
}

/**
 * Identifies the file at a path; `undefined` when there is none.
 *
 * The file is not opened for this: closing it would drop the locks that SQLite holds in this process.
 */
export function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}
