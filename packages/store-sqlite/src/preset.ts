import { join } from 'node:path';
import type { Broker, Store } from '@vigilant/core';
import { checkObjectOption, checkOptionKeys } from '@vigilant/core/adapter';
import type { SqliteBrokerOptions } from './broker/broker-options';
import { checkPath } from './host/check-path';
import { createSqliteBroker } from './broker/sqlite-broker';
import { createSqliteStore } from './host/sqlite-store';

/** Options of `sqlite`. */
export interface SqliteOptions {
  /** Options of the broker. The store has none. */
  readonly broker?: SqliteBrokerOptions;
}

/**
 * Creates the broker and the store of one folder: `journal.db` and `events.db`.
 *
 * @param folder - A path such as `./data`. `open` creates the folder if it does not exist.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 * @example
 * ```ts
 * createVigilant(sqlite('./data', { broker: { maxBytes: 256 * 1024 * 1024 } }));
 * ```
 */
export function sqlite(
  folder: string,
  options: SqliteOptions = {},
): { readonly broker: Broker; readonly store: Store } {
  checkPath('sqlite()', folder, './data');
  checkOptionKeys('sqlite()', options, ['broker']);
  const { broker = {} } = options;
  checkObjectOption('The option "broker" of sqlite()', broker);
  return {
    broker: createSqliteBroker(join(folder, 'journal.db'), broker),
    store: createSqliteStore(join(folder, 'events.db')),
  };
}
