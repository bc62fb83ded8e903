import { join } from 'node:path';
import type { Broker, Store } from '@vigilant/core';
import { checkBooleanOption, checkOptionKeys, needlessBroker } from '@vigilant/core/adapter';
import type { SqliteBrokerOptions } from './broker/broker-options';
import { resolveBrokerOptions } from './broker/broker-options';
import { createBroker } from './broker/sqlite-broker';
import { checkArguments, checkPath } from './host/check-arguments';
import type { SqliteDriver } from './host/driver-option';
import { checkDriverOption } from './host/driver-option';
import { createStore } from './host/sqlite-store';

/** Options of `sqlite`. */
export interface SqliteOptions {
  /** Options of the broker. */
  readonly broker?: SqliteBrokerOptions | undefined;
  /** The driver of the store, and of the broker unless its options have another. See `SqliteDriver`. */
  readonly driver?: SqliteDriver | undefined;
  /** @defaultValue false */
  readonly readOnly?: false | undefined;
}

/** Options of `sqlite` for a folder that is only read. */
export interface SqliteReadOnlyOptions {
  /** Opens `events.db` only for reading, without a broker. See `SqliteStoreOptions`. */
  readonly readOnly: true;
  /** See `SqliteDriver`. */
  readonly driver?: SqliteDriver | undefined;
}

/**
 * Creates the broker and the store of one folder: `journal.db` and `events.db`. With `readOnly`, creates only the store.
 *
 * @param folder - A path such as `./data`. `open` creates the folder if it does not exist, unless it is only read.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 * @example
 * ```ts
 * createVigilant(sqlite('./data', { broker: { maxBytes: 256 * 1024 * 1024 } }));
 * createVigilant(sqlite('./data', { readOnly: true }));
 * ```
 */
export function sqlite(folder: string, options: SqliteReadOnlyOptions): { readonly store: Store };
export function sqlite(
  folder: string,
  options?: SqliteOptions,
): { readonly broker: Broker; readonly store: Store };
export function sqlite(
  folder: string,
  options: SqliteOptions | SqliteReadOnlyOptions = {},
  ...excess: readonly unknown[]
): { readonly broker?: Broker; readonly store: Store } {
  checkPath('sqlite()', folder, './data');
  checkArguments('sqlite()', ['folder', 'options'], excess);
  checkOptionKeys('sqlite()', options, ['broker', 'driver', 'readOnly']);
  const { readOnly = false, driver } = options;
  checkBooleanOption('readOnly', readOnly);
  checkDriverOption('driver', driver);
  const store = createStore(join(folder, 'events.db'), { readOnly, driver });
  if (readOnly) {
    if ((options as SqliteOptions).broker !== undefined) throw needlessBroker();
    return { store };
  }
  const { broker = {} } = options as SqliteOptions;
  const resolved = resolveBrokerOptions(broker, 'broker');
  const brokerOptions = { maxBytes: resolved.maxBytes, driver: resolved.driver ?? driver };
  return { broker: createBroker(join(folder, 'journal.db'), brokerOptions), store };
}
