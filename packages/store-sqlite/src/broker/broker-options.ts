import { checkOptionKeys, invalidOption } from '@vigilant/core/adapter';

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
  readonly maxBytes?: number;
}

/** `SqliteBrokerOptions` with the defaults. */
export type ResolvedSqliteBrokerOptions = Required<SqliteBrokerOptions>;

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
  checkOptionKeys(holder ?? 'createSqliteBroker()', options, ['maxBytes']);
  const { maxBytes = GIB } = options;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < MIN_BYTES || maxBytes > MAX_BYTES) {
    const path = holder === undefined ? 'maxBytes' : `${holder}.maxBytes`;
    throw invalidOption(path, `an integer from ${MIN_BYTES} (1 MiB) to ${MAX_BYTES} (1 TiB)`, maxBytes);
  }
  return Object.freeze({ maxBytes });
}
