import { createVigilant } from '@vigilant/core';
import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../src/index';
import { nameDatabase } from './support/databases';

const ROUNDS = 5;
const BATCHES = 20;
const BATCH_EVENTS = 10;

describeWithService('mariadb', 'a tail on a MySQL store', (address) => {
  it('shows its first events in the order of logging', async () => {
    const numbers = Array.from({ length: BATCHES * BATCH_EVENTS }, (_, n) => n);
    const database = nameDatabase(address);
    for (let round = 0; round < ROUNDS; round += 1) {
      const vigilant = createVigilant({ store: createMysqlStore({ url: database.url }) });
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
    await database.drop();
  });
});
