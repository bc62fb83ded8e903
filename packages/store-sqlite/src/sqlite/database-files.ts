import { randomBytes } from 'node:crypto';
import { copyFileSync, linkSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import type { Connection } from './driver';
import { identityOf } from './file-identity';
import { scalar } from './transaction';

/** The `-wal` begins with a header and continues with frames: a header and a page each. */
const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/** Thrown when the files at the path of an open database are not the files that are open. */
export class FileChangedError extends Error {
  /**
   * @param subject - `database`: the database was moved, deleted or replaced. `log`: the database is the same, but its
   * `-wal` or `-shm` is not. `truncated`: the `-wal` is shorter than what was written to it. In the last two cases a new
   * connection can continue once all old ones of the process are closed.
   */
  constructor(
    readonly subject: 'database' | 'log' | 'truncated',
    message: string,
  ) {
    super(message);
    this.name = 'FileChangedError';
  }
}

/**
 * Identifies the files of an open database: the database, its `-wal` and its `-shm`.
 *
 * SQLite does not notice when they are deleted or replaced, and then commits to a file without a name. This
 * happens when an application opens and closes the database file itself, such as to copy it: the operating system then
 * drops the locks that SQLite holds in that process, and the next program that closes the database deletes its `-wal`.
 *
 * When the `-wal` is truncated in place, SQLite continues behind the gap, and the next process that opens the database
 * discards everything from the gap on.
 *
 * Call `check` before a commit, to reject what cannot be kept, and again before the commit is acknowledged.
 */
export class DatabaseFiles {
  readonly #connection: Connection;
  readonly #path: string;
  readonly #frameBytes: number;
  /** Identifies the database file, also across threads; see `expected` of the constructor. */
  readonly database: string;
  readonly #log: string;

  /**
   * Records the files of a connection that has just been opened and used.
   *
   * @param expected - The database that was open before, when this connection replaces an earlier one.
   * @throws {FileChangedError} If a file is missing or the database is not the expected one.
   */
  constructor(connection: Connection, path: string, expected?: string) {
    this.#connection = connection;
    this.#path = path;
    this.#frameBytes = FRAME_HEADER_BYTES + scalar(connection, 'PRAGMA page_size');
    this.database = expected ?? identityOf(path) ?? 'missing';
    this.#log = logOf(path);
    this.check();
  }

  /**
   * Closes the connection.
   *
   * The last connection to a database deletes the `-wal` at its path even if it is not its own. Such a file may hold
   * commits of a killed process, so it is kept under a second name during the close and then restored.
   *
   * It also copies the `-wal` into the database. What is left of a truncated one may end within a transaction, so it is
   * hidden meanwhile: the next connection finds out how much of it is complete.
   */
  close(): void {
    const restore = this.#protectLog();
    try {
      this.#connection.close();
    } finally {
      restore();
    }
  }

  /**
   * Compares the files with those that are open. No statement of the connection may be running.
   *
   * @throws {FileChangedError} If a file is missing, is another one or was truncated.
   */
  check(): void {
    checkDatabase(this.#path, this.database);
    const log = logOf(this.#path);
    if (log !== this.#log || log.includes('missing'))
      throw new FileChangedError(
        'log',
        `The -wal or -shm file of ${this.#path} was deleted or replaced while it was open. ` +
          'Do not open, copy or delete these files while a process uses them.',
      );
    if (this.#isTruncated())
      throw new FileChangedError(
        'truncated',
        `${this.#path}-wal was truncated while it was open. The changes that another program removed from it are lost. ` +
          'Do not change this file while a process uses it.',
      );
  }

  /** Prepares for closing the connection; returns a function that restores the `-wal` afterwards. */
  #protectLog(): () => void {
    const log = `${this.#path}-wal`;
    const kept = `${log}-kept-${randomBytes(4).toString('hex')}`;
    if (logOf(this.#path) === this.#log)
      return this.#isTruncated() && hide(log, kept) ? () => renameSync(kept, log) : () => {};
    if (!keep(log, kept)) return () => {};
    return () => (identityOf(log) === undefined ? renameSync(kept, log) : rmSync(kept, { force: true }));
  }

  #isTruncated(): boolean {
    const isShort = (): boolean => {
      const frames = framesOf(this.#connection);
      return frames > 0 && sizeOf(`${this.#path}-wal`) < LOG_HEADER_BYTES + frames * this.#frameBytes;
    };
    // Another process may empty the log between the two reads, but hardly twice in a row.
    return isShort() && isShort();
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

/** Returns how many frames the `-wal` should hold; 0 if SQLite cannot tell, and then rejects the next statement as well. */
function framesOf(connection: Connection): number {
  try {
    // This checkpoint only counts.
    return Number(connection.prepare('PRAGMA wal_checkpoint(NOOP)').get()?.[1]);
  } catch {
    return 0;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Moves the contents of a `-wal` elsewhere; `false` if that fails. */
function hide(log: string, kept: string): boolean {
  try {
    copyFileSync(log, kept);
    truncateSync(log);
    return true;
  } catch {
    rmSync(kept, { force: true });
    return false;
  }
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
