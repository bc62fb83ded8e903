import { checkOptionKeys, invalidOption } from '@vigilant/core/adapter';
import type { SqliteDriver } from '../host/driver-option';
import { checkDriverOption } from '../host/driver-option';

const GIB = 1024 * 1024 * 1024;
const MIN_BYTES = 1024 * 1024;
const MAX_BYTES = 1024 * GIB;

/** Options of `createSqliteBroker`. */
export interface SqliteBrokerOptions {
  /**
   * Maximum size of the unacknowledged events of all processes, in bytes. Beyond it, publishing is rejected.
   *
   * @defaultValue 1 GiB
   */
  readonly maxBytes?: number | undefined;
  /** The driver. @defaultValue `better-sqlite3`, found from this package or the working directory */
  readonly driver?: SqliteDriver | undefined;
}

/** `SqliteBrokerOptions` with the defaults. */
export interface ResolvedSqliteBrokerOptions {
  readonly maxBytes: number;
  readonly driver: SqliteDriver | undefined;
}

/**
 * Checks the options of a broker and fills in the defaults.
 *
 * @param holder - The option that holds them, such as `broker`; absent for the options of `createSqliteBroker()` itself.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function resolveBrokerOptions(
  options: SqliteBrokerOptions,
  holder?: string,
): ResolvedSqliteBrokerOptions {
  checkOptionKeys(holder ?? 'createSqliteBroker()', options, ['maxBytes', 'driver']);
  const { maxBytes = GIB, driver } = options;
  const pathOf = (name: string): string => (holder === undefined ? name : `${holder}.${name}`);
  if (!Number.isSafeInteger(maxBytes) || maxBytes < MIN_BYTES || maxBytes > MAX_BYTES) {
    throw invalidOption(
      pathOf('maxBytes'),
      `an integer from ${MIN_BYTES} (1 MiB) to ${MAX_BYTES} (1 TiB)`,
      maxBytes,
    );
  }
  return Object.freeze({ maxBytes, driver: checkDriverOption(pathOf('driver'), driver) });
}
