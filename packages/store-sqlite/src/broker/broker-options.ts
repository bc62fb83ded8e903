import { checkOptions, invalidOption, show } from '../host/option-checks';

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
  checkOptions('createSqliteBroker()', options, ['maxBytes']);
  const { maxBytes = GIB } = options;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < MIN_BYTES || maxBytes > MAX_BYTES)
    throw invalidOption(
      `maxBytes must be an integer from ${MIN_BYTES} (1 MiB) to ${MAX_BYTES} (1 TiB), not ${show(maxBytes)}.`,
    );
  return Object.freeze({ maxBytes });
}
