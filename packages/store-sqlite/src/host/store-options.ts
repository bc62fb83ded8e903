import { checkBooleanOption, checkOptionKeys } from '@vigilant/core/adapter';

/** Options of `createSqliteStore`. */
export interface SqliteStoreOptions {
  /**
   * Whether to open an existing file only for reading. Neither the database nor its folder is changed. Reads include the
   * events that other processes commit.
   *
   * @defaultValue false
   */
  readonly readOnly?: boolean;
}

/** Checks the options of a store and fills in the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveStoreOptions(options: SqliteStoreOptions): Required<SqliteStoreOptions> {
  checkOptionKeys('createSqliteStore()', options, ['readOnly']);
  const { readOnly = false } = options;
  return Object.freeze({ readOnly: checkBooleanOption('readOnly', readOnly) });
}
