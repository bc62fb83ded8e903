import type { SqliteConnection } from './driver';
import { identityOf, fileSize } from './file-identity';
import { hideLog, keepLog } from './protect-log';
import type { LogEnd, LogPosition } from './write-ahead-log';
import { WriteAheadLog } from './write-ahead-log';

/** Thrown when the files at the path of an open database are not the files that are open. */
export class FileChangedError extends Error {
  /**
   * @param subject - `database`: the database was moved, deleted, replaced or truncated. `log`: the database is the same, but
   * its `-wal` or `-shm` is not. `truncated`: the `-wal` lacks a part of what was written to it. In the last two cases a
   * new connection can continue once all old ones of the process are closed.
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
 * It does not notice either when one of them is truncated in place; see `WriteAheadLog`.
 *
 * Call `check` before a commit, to reject what cannot be kept, and `checkWritten` before the commit is acknowledged.
 */
export class DatabaseFiles {
  readonly #connection: SqliteConnection;
  readonly #path: string;
  /** Identifies the database file, also across threads; see `expected` of the constructor. */
  readonly database: string;
  /** Identifies the `-wal` and the `-shm`. */
  readonly #logFiles: string;
  readonly #log: WriteAheadLog;
  /** Up to here, the `-wal` is known to be complete. */
  #logEnd: LogEnd;
  /** The size of the database at the last check, and the end of the `-wal` before it was read. */
  #size: { readonly bytes: number; readonly position: LogPosition };
  /** Set once a file was truncated. Later writes may hide that. */
  #truncation: FileChangedError | undefined;

  /**
   * Records the files of a connection that has just been opened and used.
   *
   * @param expected - The database that was open before, when this connection replaces an earlier one.
   * @throws {FileChangedError} If a file is missing or the database is not the expected one.
   */
  constructor(connection: SqliteConnection, path: string, expected?: string) {
    this.#connection = connection;
    this.#path = path;
    this.database = expected ?? identityOf(path) ?? 'missing';
    this.#logFiles = logOf(path);
    this.#log = new WriteAheadLog(connection, path);
    this.#size = this.#measure();
    this.#logEnd = this.#log.end();
    this.check();
  }

  /** Closes the connection, even if the files are no longer those that it has open. */
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
    const logFiles = logOf(this.#path);
    if (logFiles !== this.#logFiles || logFiles.includes('missing'))
      throw new FileChangedError(
        'log',
        `The -wal or -shm file of ${this.#path} was deleted or replaced while it was open. ` +
          'Do not open, copy or delete these files while a process uses them.',
      );
    this.#truncation ??= this.#findTruncation();
    if (this.#truncation !== undefined) throw this.#truncation;
  }

  /** Returns the error that `check` throws; `undefined` if it throws none. */
  findChange(): FileChangedError | undefined {
    try {
      this.check();
      return undefined;
    } catch (error) {
      if (error instanceof FileChangedError) return error;
      throw error;
    }
  }

  /**
   * Like `check`, and finds out whether the `-wal` was truncated between the last call and a commit.
   *
   * @throws {FileChangedError}
   */
  checkWritten(): void {
    this.check();
    const end = this.#log.completeEnd(this.#logEnd);
    if (end === undefined) throw (this.#truncation = this.#logTruncation());
    this.#logEnd = end;
  }

  #protectLog(): () => void {
    if (logOf(this.#path) !== this.#logFiles) return keepLog(this.#path);
    const truncation = this.#truncation ?? this.#findTruncation();
    return truncation === undefined ? () => {} : hideLog(this.#path);
  }

  #findTruncation(): FileChangedError | undefined {
    const { bytes, position } = this.#measure();
    if (this.#log.isShort(position)) return this.#logTruncation();
    if (bytes < this.#size.bytes && !this.#log.canShrinkTo(bytes, this.#size.position))
      return new FileChangedError(
        'database',
        `${this.#path} was truncated from ${this.#size.bytes} to ${bytes} bytes while it was open. ` +
          'Stop this process, then restore the file from a backup or move it away.',
      );
    this.#size = { bytes, position };
    return undefined;
  }

  #logTruncation(): FileChangedError {
    return new FileChangedError(
      'truncated',
      `${this.#path}-wal was truncated while it was open. The changes that another program removed from it are lost. ` +
        'Do not change this file while a process uses it.',
    );
  }

  #measure(): { readonly bytes: number; readonly position: LogPosition } {
    const position = this.#log.position();
    return { position, bytes: fileSize(this.#path) };
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

function logOf(path: string): string {
  return `${identityOf(`${path}-wal`) ?? 'missing'} ${identityOf(`${path}-shm`) ?? 'missing'}`;
}
