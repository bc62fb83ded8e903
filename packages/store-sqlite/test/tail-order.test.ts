import type { Store } from '@vigilant/core';
import { createVigilant } from '@vigilant/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqliteBroker, createSqliteStore } from '../src/index';
import { createFolder } from './support/folder';

const ROUNDS = 5;
const BATCHES = 20;
const BATCH_EVENTS = 10;

/** Answers queries as late as a server across a network does. */
function distant(store: Store): Store {
  const query = store.query.bind(store);
  return Object.assign(store, {
    async query(request: Parameters<Store['query']>[0]) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return query(request);
    },
  });
}

describe('Vigilant.tail', () => {
  it.each([
    ['SQLite', (store: Store) => store],
    ['a distant store', distant],
  ])('returns its first events in the order in which they were logged, on %s', async (_, placed) => {
    const numbers = Array.from({ length: BATCHES * BATCH_EVENTS }, (__, n) => n);
    for (let round = 0; round < ROUNDS; round += 1) {
      const folder = createFolder();
      onTestFinished(() => folder.remove());
      const vigilant = createVigilant({
        broker: createSqliteBroker(folder.file('journal.db')),
        store: placed(createSqliteStore(folder.file('events.db'))),
      });
      const { tailCursor } = await vigilant.query('', { limit: 1 });
      const items = vigilant.tail('', { cursor: tailCursor });
      const reading = (async () => {
        const shown: number[] = [];
        for await (const item of items) {
          if (item.type === 'event') shown.push(item.event.severity);
          if (shown.length === numbers.length) break;
        }
        return shown;
      })();
      for (let batch = 0; batch < BATCHES; batch += 1) {
        const ours = numbers.slice(batch * BATCH_EVENTS, (batch + 1) * BATCH_EVENTS);
        await vigilant.logBatch(ours.map((severity) => ({ message: 'numbered', severity })));
      }
      expect(await reading).toEqual(numbers);
      await vigilant.close();
    }
  });
});
