import { join } from 'node:path';
import type { Broker, Store } from '@vigilant/core';
import { checkOptionKeys } from '@vigilant/core/adapter';
import type { SqliteBrokerOptions } from './broker/broker-options';
import { resolveBrokerOptions } from './broker/broker-options';
import { createBroker } from './broker/sqlite-broker';
import { checkArguments, checkPath } from './host/check-arguments';
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
  options?: SqliteOptions,
): { readonly broker: Broker; readonly store: Store };
export function sqlite(
  folder: string,
  options: SqliteOptions = {},
  ...excess: readonly unknown[]
): { readonly broker: Broker; readonly store: Store } {
  checkPath('sqlite()', folder, './data');
  checkArguments('sqlite()', ['folder', 'options'], excess);
  checkOptionKeys('sqlite()', options, ['broker']);
  const { broker = {} } = options;
  return {
    broker: createBroker(join(folder, 'journal.db'), resolveBrokerOptions(broker, 'broker')),
    store: createSqliteStore(join(folder, 'events.db')),
  };
}
