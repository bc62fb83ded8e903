import { join } from 'node:path';
import type { Broker, Store } from '@vigilant/core';
import { createSqliteBroker } from './sqlite-broker';
import { createSqliteStore } from './sqlite-store';

/**
 * Creates the broker and the store of one folder: `journal.db` and `events.db`.
 *
 * @param folder - Such as `./data`; made at `open` when it is not there.
 */
export function sqlite(folder: string): { readonly broker: Broker; readonly store: Store } {
  if (typeof folder !== 'string' || folder === '')
    throw new TypeError('sqlite() takes the path of a folder.');
  return {
    broker: createSqliteBroker(join(folder, 'journal.db')),
    store: createSqliteStore(join(folder, 'events.db')),
  };
}
