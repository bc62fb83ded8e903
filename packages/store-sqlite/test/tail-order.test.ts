import type { Store } from '@vigilant/core';
import { createVigilant } from '@vigilant/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NUMBERS, TAIL_STARTS, tailNumbers } from '../../../scripts/test/support/tail-numbers';
import { createSqliteBroker, createSqliteStore } from '../src/index';
import { createFolder } from './support/folder';

const ROUNDS = 5;

/** Delays answers to queries, as a server across a network does. */
function distant(store: Store): Store {
  const query = store.query.bind(store);
  return Object.assign(store, {
    async query(request: Parameters<Store['query']>[0]) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return query(request);
    },
  });
}

describe.each(TAIL_STARTS)('Vigilant.tail %s', (start) => {
  it.each([
    ['SQLite', (store: Store) => store],
    ['a distant store', distant],
  ])('returns its first events in the order in which they were logged, on %s', async (_, placed) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const folder = createFolder();
      onTestFinished(() => folder.remove());
      const vigilant = createVigilant({
        broker: createSqliteBroker(folder.file('journal.db')),
        store: placed(createSqliteStore(folder.file('events.db'))),
      });
      expect(await tailNumbers(vigilant, start)).toEqual(NUMBERS);
      await vigilant.close();
    }
  });
});
