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

/** Checks the options of a broker and fills in the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveBrokerOptions(options: SqliteBrokerOptions): Required<SqliteBrokerOptions> {
  checkOptionKeys('createSqliteBroker()', options, ['maxBytes']);
  const { maxBytes = GIB } = options;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < MIN_BYTES || maxBytes > MAX_BYTES)
    throw invalidOption('maxBytes', `an integer from ${MIN_BYTES} (1 MiB) to ${MAX_BYTES} (1 TiB)`, maxBytes);
  return Object.freeze({ maxBytes });
}
