import type { ErrorCode } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';
import type { Driver } from '../sqlite/driver';
import { describeFileError } from '../sqlite/file-errors';
import { FileChangedError } from '../sqlite/database-files';
import type { TransferredError } from './messages';
import { transferError } from './serve';

/** Codes of SQLite that usually mean a missing right. */
const RIGHTS = /^SQLITE_(CANTOPEN|READONLY|PERM|AUTH)/;

/** Error codes of an adapter. */
export interface FaultCodes {
  readonly full: ErrorCode;
  readonly unavailable: ErrorCode;
}

/** Translates an error of the driver into a `VigilantError`. */
export function translateError(
  error: unknown,
  driver: Driver | undefined,
  path: string,
  codes: FaultCodes,
): TransferredError {
  const own = transferError(error);
  if (own !== undefined) return own;
  const reason = reasonOf(error);
  const make = (code: ErrorCode, message: string, retryable: boolean): TransferredError => ({
    code,
    message,
    retryable,
    violations: [],
  });
  if (error instanceof FileChangedError) return make(codes.unavailable, reason, true);
  const sqlite = driver?.codeOf(error);
  if (sqlite === undefined) {
    const failure = describeFileError(error);
    if (failure !== undefined) return make(codes.unavailable, `${path} cannot be used ${failure}`, true);
    return make('VIGILANT_INTERNAL', reason, true);
  }
  if (isFull(sqlite))
    return make(codes.full, `The disk of ${path} is full (${sqlite}). Free some space.`, true);
  if (sqlite === 'SQLITE_TOOBIG')
    return make('VIGILANT_EVENT_REJECTED', 'An event is too large for SQLite.', false);
  if (sqlite === 'SQLITE_NOTADB' || sqlite.startsWith('SQLITE_CORRUPT'))
    return make(
      codes.unavailable,
      `${path} is damaged (${sqlite}): ${reason}. Move it away to start with a new file.`,
      true,
    );
  const remedy = RIGHTS.test(sqlite) ? ' Allow this user to read and write the file and its folder.' : '';
  return make(codes.unavailable, `SQLite failed with ${sqlite} for ${path}: ${reason}.${remedy}`, true);
}

/** Returns whether an error code means that the disk is full. */
export function isFull(code: string | undefined): boolean {
  return code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_WRITE' || code === 'SQLITE_IOERR_SHMSIZE';
}

/** Returns whether a connection cannot be trusted after an error code. */
export function isBroken(code: string | undefined): boolean {
  return code !== undefined && (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CORRUPT'));
}
