import { checkBooleanOption, checkOptionKeys } from '@vigilant/core/adapter';
import type { SqliteDriver } from './driver-option';
import { checkDriverOption } from './driver-option';

/** Options of `createSqliteStore`. */
export interface SqliteStoreOptions {
  /**
   * Whether to open an existing file only for reading. Neither the database nor its folder is changed. Reads include the
   * events that other processes commit.
   *
   * @defaultValue false
   */
  readonly readOnly?: boolean | undefined;
  /** The driver. @defaultValue `better-sqlite3`, found from this package or the working directory */
  readonly driver?: SqliteDriver | undefined;
}

/** `SqliteStoreOptions` with the defaults. */
export interface ResolvedSqliteStoreOptions {
  readonly readOnly: boolean;
  readonly driver: SqliteDriver | undefined;
}

/** Checks the options of a store and fills in the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveStoreOptions(options: SqliteStoreOptions): ResolvedSqliteStoreOptions {
  checkOptionKeys('createSqliteStore()', options, ['readOnly', 'driver']);
  const { readOnly = false, driver } = options;
  return Object.freeze({
    readOnly: checkBooleanOption('readOnly', readOnly),
    driver: checkDriverOption('driver', driver),
  });
}
