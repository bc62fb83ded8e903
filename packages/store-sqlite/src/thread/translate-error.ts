import type { ErrorCode } from '@vigilant/core';
import type { Driver } from '../sqlite/driver';
import { FileChangedError } from '../sqlite/database-files';
import type { TransferredError } from './messages';
import { transferError } from './serve';

/** The codes that a kind of adapter gives its faults. */
export interface FaultCodes {
  readonly full: ErrorCode;
  readonly unavailable: ErrorCode;
}

/** Says what an error of the driver means, so that callers need not know the driver. */
export function translateError(
  error: unknown,
  driver: Driver | undefined,
  path: string,
  codes: FaultCodes,
): TransferredError {
  const own = transferError(error);
  if (own !== undefined) return own;
  const reason = error instanceof Error ? error.message : String(error);
  const make = (code: ErrorCode, message: string, retryable: boolean): TransferredError => ({
    ...{ code, message, retryable, violations: [] },
  });
  if (error instanceof FileChangedError) return make(codes.unavailable, reason, true);
  const sqlite = driver?.codeOf(error);
  if (sqlite === undefined) return make('VIGILANT_INTERNAL', reason, true);
  if (isFull(sqlite))
    return make(codes.full, `There is no room left on the disk of ${path} (${sqlite}).`, true);
  if (sqlite === 'SQLITE_TOOBIG')
    return make('VIGILANT_EVENT_REJECTED', 'An event is too large for SQLite.', false);
  if (sqlite === 'SQLITE_NOTADB' || sqlite.startsWith('SQLITE_CORRUPT'))
    return make(
      codes.unavailable,
      `${path} is damaged (${sqlite}): ${reason}. Move it aside to begin with a new one.`,
      true,
    );
  return make(codes.unavailable, `SQLite answered ${sqlite} for ${path}: ${reason}.`, true);
}

/** Tells errors that a full disk brings. */
export function isFull(code: string | undefined): boolean {
  return code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_WRITE' || code === 'SQLITE_IOERR_SHMSIZE';
}

/** Tells errors after which a connection is not to be trusted. */
export function isBroken(code: string | undefined): boolean {
  return code !== undefined && (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CORRUPT'));
}
