/** A value as SQLite stores it. */
export type SqlValue = string | number | null | Uint8Array;

/** A row as an array of its columns. */
export type SqlRow = readonly SqlValue[];

/** A prepared statement. */
export interface Statement {
  /** Runs the statement; returns the number of changed rows. */
  run(...parameters: readonly SqlValue[]): number;
  get(...parameters: readonly SqlValue[]): SqlRow | undefined;
  all(...parameters: readonly SqlValue[]): readonly SqlRow[];
  /** Reads rows one by one. The statement is in use until the loop ends, so the loop must not await. */
  iterate(...parameters: readonly SqlValue[]): Iterable<SqlRow>;
}

/** An open database. It is synchronous, so only worker threads use it. */
export interface SqliteConnection {
  exec(sql: string): void;
  /** Prepares a statement. The same text is prepared once. */
  prepare(sql: string): Statement;
  close(): void;
}

/** The part of a SQLite library that this package uses. */
export interface Driver {
  /**
   * Opens a database. Creates it if it does not exist.
   *
   * @param busyTimeoutMs - How long a statement waits for a lock of another connection before it throws `SQLITE_BUSY`. A
   * thread that waits ends when the host requests it.
   */
  open(path: string, busyTimeoutMs: number): SqliteConnection;
  /** Opens a database that exists with `SQLITE_OPEN_READONLY`. */
  openReadOnly(path: string, busyTimeoutMs: number): SqliteConnection;
  /** Returns the code that the library assigns to an error, such as `SQLITE_FULL`; `undefined` for other errors. */
  codeOf(error: unknown): string | undefined;
}

/** Location of the driver. */
export interface DriverPlace {
  /** Path of its JavaScript entry file. */
  readonly library: string;
  /** Path of its native binary. By default, the library finds it. */
  readonly binding?: string;
}
