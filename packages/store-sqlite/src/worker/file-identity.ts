import { randomBytes } from 'node:crypto';
import { linkSync, renameSync, rmSync, statSync } from 'node:fs';
import type { Connection } from '../driver';

/** Thrown when the files at the path of an open database are not the files that are open. */
export class FileChangedError extends Error {
  /**
   * @param subject - `database`: what is written would not be found at the path again. `log`: the database itself is the
   * same, but its `-wal` or `-shm` is not; a new connection can continue once every old one of the process is closed.
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
 * SQLite does not notice when these are deleted or replaced, and then commits to a file that has no name any more. This
 * happens when an application opens and closes the database file itself, such as to copy it: the system then drops the
 * locks that SQLite holds in that process, and the next program that closes the database deletes its `-wal`.
 *
 * Call `check` before a commit, to reject what cannot be kept, and after it, before the commit is acknowledged.
 */
export class DatabaseFiles {
  readonly #path: string;
  /** Identifies the database file, also across threads; see `expected` of the constructor. */
  readonly database: string;
  readonly #log: string;

  /**
   * Records the files of a connection that has just been opened and has read or written something.
   *
   * @param expected - The database that was open before, when this connection replaces an earlier one.
   * @throws {FileChangedError} when a file is missing, or the database is not the expected one
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
   * The last connection to a database deletes whatever `-wal` is at its path. When that is not its own, it may hold
   * commits of a process that was killed: it is kept under a second name meanwhile, and put back.
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

  /** @throws {FileChangedError} when a file is missing or is not the one that is open */
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
