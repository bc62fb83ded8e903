/** A value as SQLite holds it. */
export type SqlValue = string | number | null | Uint8Array;

/** A row as an array of its columns. */
export type SqlRow = readonly SqlValue[];

/** A prepared statement. */
export interface Statement {
  /** Runs it; gives how many rows it changed. */
  run(...parameters: readonly SqlValue[]): number;
  get(...parameters: readonly SqlValue[]): SqlRow | undefined;
  all(...parameters: readonly SqlValue[]): readonly SqlRow[];
  /** Reads rows one by one. The statement is in use until the loop ends: do not await within it. */
  iterate(...parameters: readonly SqlValue[]): Iterable<SqlRow>;
}

/** An open database. Synchronous: only worker threads use it. */
export interface Connection {
  exec(sql: string): void;
  /** Prepares a statement; the same text is prepared once. */
  prepare(sql: string): Statement;
  close(): void;
}

/** The little of a SQLite library that this package needs, so that another one can take its place. */
export interface Driver {
  /**
   * Opens a database. Creates it if it does not exist.
   *
   * @param busyTimeoutMs - How long a statement waits for a lock of another connection before it throws `SQLITE_BUSY`. A
   * thread that waits can be terminated.
   */
  open(path: string, busyTimeoutMs: number): Connection;
  /** The library's own code of an error, such as `SQLITE_FULL`; `undefined` when it is none of its errors. */
  codeOf(error: unknown): string | undefined;
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/** Blocks this thread for a while. Unlike a wait inside SQLite, this ends when the thread is terminated. */
export function pauseThread(ms: number): void {
  Atomics.wait(PAUSE, 0, 0, ms);
}
