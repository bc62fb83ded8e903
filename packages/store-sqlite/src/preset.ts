import { join } from 'node:path';
import type { Broker, Store } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import type { SqliteBrokerOptions } from './broker/options';
import { createSqliteBroker } from './sqlite-broker';
import { createSqliteStore } from './sqlite-store';

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
  if (typeof folder !== 'string' || folder === '')
    throw new TypeError('sqlite() takes the path of a folder.');
  const { broker, ...rest } = checkObject('options', options);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw invalid(`Unknown option "${unknown}" of sqlite(). Valid options: broker.`);
  return {
    broker: createSqliteBroker(
      join(folder, 'journal.db'),
      broker === undefined ? {} : checkObject('broker', broker),
    ),
    store: createSqliteStore(join(folder, 'events.db')),
  };
}

function checkObject<T extends object>(name: string, value: T): T {
  if (typeof value === 'object' && (value as T | null) !== null) return value;
  throw invalid(`${name} of sqlite() must be an object, not ${String(value)}.`);
}

function invalid(message: string): VigilantError {
  return new VigilantError('VIGILANT_OPTIONS_INVALID', message);
}
