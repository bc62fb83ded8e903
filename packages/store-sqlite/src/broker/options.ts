import { VigilantError } from '@vigilant/core';

const GIB = 1024 * 1024 * 1024;
const MIN_BYTES = 1024 * 1024;

/** Options of `createSqliteBroker`. */
export interface SqliteBrokerOptions {
  /**
   * How much all processes together may hold unacknowledged, in bytes of encoded events; then publishing is refused.
   *
   * @defaultValue 1 GiB
   */
  readonly maxBytes?: number;
}

/** Checks the options of a broker and fills in the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveBrokerOptions(options: SqliteBrokerOptions): Required<SqliteBrokerOptions> {
  const unknown = Object.keys(options).find((key) => key !== 'maxBytes');
  if (unknown !== undefined)
    throw new VigilantError('VIGILANT_OPTIONS_INVALID', `${unknown} is no option; there is maxBytes.`);
  const { maxBytes = GIB } = options;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < MIN_BYTES || maxBytes > 1024 * GIB)
    throw new VigilantError(
      'VIGILANT_OPTIONS_INVALID',
      `maxBytes must be an integer from ${MIN_BYTES} (1 MiB) to ${1024 * GIB} (1 TiB), not ${String(maxBytes)}.`,
    );
  return Object.freeze({ maxBytes });
}
