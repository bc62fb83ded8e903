import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { SqliteConnection } from './driver';
import { fileSize } from './file-identity';
import { scalar } from './transaction';

// See https://sqlite.org/fileformat2.html#walformat. The file is a header and frames; each frame is a header and a page.

const HEADER_BYTES = 32;
const HEADER_SALTS_AT = 16;
const FRAME_HEADER_BYTES = 24;
const FRAME_SALTS_AT = 8;
const SALTS_BYTES = 8;
/** In the header of the last frame of a commit: the size of the database in pages. 0 in other frames. */
const DATABASE_PAGES_AT = 4;

/** A position in a log. Another process may restart the log while it is read, so the two may not belong together. */
export interface LogPosition {
  /** The header of the file. It changes when SQLite restarts the log. */
  readonly header: Buffer;
  /** Number of frames up to here. */
  readonly frames: number;
}

/** The end of a log at some time. */
export interface LogEnd extends LogPosition {
  /** The last frame. Empty if there is none. */
  readonly last: Buffer;
}

/**
 * Compares the `-wal` file of an open database with what SQLite has written to it.
 *
 * SQLite appends to the file without reading it. After a truncation it continues after a gap of zeros, and the next process
 * that opens the database discards everything from the gap on.
 *
 * Opens and closes the file, which releases no locks: SQLite locks only the database and its `-shm`.
 */
export class WriteAheadLog {
  readonly #connection: SqliteConnection;
  readonly #path: string;
  readonly #pageBytes: number;

  constructor(connection: SqliteConnection, database: string) {
    this.#connection = connection;
    this.#path = `${database}-wal`;
    this.#pageBytes = scalar(connection, 'PRAGMA page_size');
  }

  /** Returns the position after the last frame. */
  position(): LogPosition {
    return { header: this.#read(0, HEADER_BYTES), frames: this.#countFrames() };
  }

  end(): LogEnd {
    return this.#endAt(this.position());
  }

  /** Returns whether the file ends before its last frame. */
  isShort({ header, frames } = this.position()): boolean {
    if (frames === 0 || fileSize(this.#path) >= this.#offsetOf(frames + 1)) return false;
    return this.#isCurrent(header) || this.isShort();
  }

  /** Returns the end of the log; `undefined` if the file lacks a frame that was written since an earlier end. */
  completeEnd(earlier: LogEnd): LogEnd | undefined {
    for (;;) {
      const position = this.position();
      // The frames before a new header are in the database.
      const known = position.header.equals(earlier.header) ? earlier.frames : 0;
      const isKnownThere = known === 0 || this.#readFrame(known).equals(earlier.last);
      if (isKnownThere && this.#isFilled(position, known + 1)) return this.#endAt(position);
      if (this.#isCurrent(position.header)) return undefined;
    }
  }

  /** Returns whether a checkpoint after an earlier position can have reduced the database to this size. */
  canShrinkTo(databaseBytes: number, earlier: LogPosition): boolean {
    if (databaseBytes < this.#pageBytes) return false;
    const { header, frames } = this.position();
    if (!header.equals(earlier.header)) return true;
    for (const frame of this.#frameHeaders(Math.max(1, earlier.frames), frames)) {
      const pages = frame.length < FRAME_HEADER_BYTES ? 0 : frame.readUInt32BE(DATABASE_PAGES_AT);
      if (pages > 0 && pages * this.#pageBytes <= databaseBytes) return true;
    }
    // A log that was empty before and is empty again proves nothing.
    return !this.#isCurrent(header) || (header.length === 0 && this.#databaseBytes() <= databaseBytes);
  }

  /** Returns the size of the database according to SQLite; `Infinity` if it finds the database too short. */
  #databaseBytes(): number {
    try {
      return scalar(this.#connection, 'PRAGMA page_count') * this.#pageBytes;
    } catch {
      return Infinity;
    }
  }

  /** Returns whether no process has restarted the log since its header was read. */
  #isCurrent(header: Buffer): boolean {
    return this.#read(0, HEADER_BYTES).equals(header);
  }

  /**
   * Returns 0 if SQLite cannot count the frames. Then it rejects the next statement as well, or another process is opening the
   * log, and the next count includes these frames.
   */
  #countFrames(): number {
    try {
      // This checkpoint only counts. It returns -1 while the log cannot be opened.
      return Math.max(0, Number(this.#connection.prepare('PRAGMA wal_checkpoint(NOOP)').get()?.[1]));
    } catch {
      return 0;
    }
  }

  /** Returns whether the frames from `first` on belong to the log. A gap does not. */
  #isFilled({ header, frames }: LogPosition, first: number): boolean {
    const salts = header.subarray(HEADER_SALTS_AT, HEADER_SALTS_AT + SALTS_BYTES);
    for (const frame of this.#frameHeaders(first, frames)) {
      const own = frame.subarray(FRAME_SALTS_AT, FRAME_SALTS_AT + SALTS_BYTES);
      if (own.length < SALTS_BYTES || !own.equals(salts)) return false;
    }
    return true;
  }

  #endAt({ header, frames }: LogPosition): LogEnd {
    return { header, frames, last: frames === 0 ? Buffer.alloc(0) : this.#readFrame(frames) };
  }

  *#frameHeaders(first: number, last: number): Generator<Buffer> {
    const file = openIfPresent(this.#path);
    try {
      for (let frame = first; frame <= last; frame += 1)
        yield readAt(file, this.#offsetOf(frame), FRAME_HEADER_BYTES);
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  #readFrame(frame: number): Buffer {
    return this.#read(this.#offsetOf(frame), FRAME_HEADER_BYTES + this.#pageBytes);
  }

  #read(offset: number, bytes: number): Buffer {
    const file = openIfPresent(this.#path);
    try {
      return readAt(file, offset, bytes);
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /** Returns the offset of a frame. The first frame is 1. */
  #offsetOf(frame: number): number {
    return HEADER_BYTES + (frame - 1) * (FRAME_HEADER_BYTES + this.#pageBytes);
  }
}

function openIfPresent(path: string): number | undefined {
  return existsSync(path) ? openSync(path, 'r') : undefined;
}

/** Reads a part of a file; less if the file ends earlier or does not exist. */
function readAt(file: number | undefined, offset: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  return buffer.subarray(0, file === undefined ? 0 : readSync(file, buffer, 0, bytes, offset));
}
