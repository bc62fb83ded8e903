import {
  closeSync,
  constants,
  fsyncSync,
  ftruncateSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fileSize } from './file-identity';
import type { DatabaseKind } from './migrate';

const PAGE_BYTES = 4096;

/** Pages that a small transaction adds to the write-ahead log besides its data. */
const TRANSACTION_BYTES = 8 * PAGE_BYTES;

/** Free space that is required at least before a database grows again: several events of the maximum size. */
const MIN_FREE_BYTES = 1024 * 1024;

/** A file system may store zeros without using space. */
const FILLER = Buffer.alloc(64 * 1024, 'ballast ');

/**
 * Holds disk space in reserve, in a file next to a database.
 *
 * The space is released when the disk is full, because acknowledging and pruning need some before they free more. They
 * need less than the database and its write-ahead log contain, so the file grows with them. It ends at twice the size of
 * the log at a checkpoint, so that the log and its pages in the database fit.
 */
export class ReservedSpace {
  readonly #database: string;
  readonly #path: string;
  readonly #maxBytes: number;
  /** Bytes that can be written before the space has to grow. */
  #slack = 0;

  constructor(database: string, kind: DatabaseKind) {
    this.#database = database;
    this.#path = `${database}-ballast`;
    this.#maxBytes = 2 * kind.checkpointPages * PAGE_BYTES;
  }

  /** Reserves space for data that is about to be written; returns `false` if there is not enough. */
  reserveFor(bytes: number): boolean {
    this.#slack -= bytes + TRANSACTION_BYTES;
    return this.#slack >= 0 || this.reserve(bytes + TRANSACTION_BYTES);
  }

  /**
   * Reserves space for the data of the database; returns `false` if there is not enough.
   *
   * @param bytes - Size of data that is about to be written.
   */
  reserve(bytes = 0): boolean {
    const data = this.#dataBytes() + bytes;
    const size = fileSize(this.#path);
    const isEnough = size >= Math.min(data, this.#maxBytes);
    // Twice as much as is needed now, so that it seldom grows.
    if (!isEnough && !this.#extend(size, this.#wantedBytes(data))) return false;
    const reserved = isEnough ? size : this.#wantedBytes(data);
    this.#slack = reserved >= this.#maxBytes ? Infinity : reserved - data;
    return true;
  }

  /**
   * Returns whether the space is reserved, or can be reserved, and as much is free besides.
   *
   * @param reusableBytes - Free space inside the database, such as that of deleted rows.
   */
  hasFreeSpaceBesides(reusableBytes = 0): boolean {
    const { bavail, bsize } = statfsSync(dirname(this.#path));
    const free = bavail * bsize + reusableBytes;
    const wanted = this.#wantedBytes(this.#dataBytes());
    const missing = Math.max(0, wanted - fileSize(this.#path));
    return free >= missing + Math.max(wanted, MIN_FREE_BYTES) && this.reserve();
  }

  /** Deletes the file. */
  release(): void {
    rmSync(this.#path, { force: true });
    this.#slack = 0;
  }

  #dataBytes(): number {
    return fileSize(this.#database) + fileSize(`${this.#database}-wal`);
  }

  #wantedBytes(data: number): number {
    return Math.min(Math.ceil((2 * data) / PAGE_BYTES) * PAGE_BYTES, this.#maxBytes);
  }

  /** Extends the file, or leaves it as it is. Processes that do so at the same time write the same bytes. */
  #extend(from: number, to: number): boolean {
    let file: number | undefined;
    try {
      file = openSync(this.#path, constants.O_RDWR | constants.O_CREAT, 0o600);
      for (let end = from; end < to;)
        end += writeSync(file, FILLER, 0, Math.min(FILLER.length, to - end), end);
      fsyncSync(file);
      return true;
    } catch {
      if (file !== undefined) ftruncateSync(file, from);
      return false;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }
}
