import { createVigilant } from '@vigilant/core';
import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { NUMBERS, TAIL_STARTS, tailNumbers } from '../../../scripts/test/support/tail-numbers';
import { createMysqlStore } from '../src/index';
import { nameDatabase } from './support/databases';

const ROUNDS = 5;

describeWithService('mariadb', 'Vigilant.tail', (address) => {
  it.each(TAIL_STARTS)(
    'returns its first events in the order in which they were logged, %s',
    async (start) => {
      const database = nameDatabase(address);
      for (let round = 0; round < ROUNDS; round += 1) {
        const vigilant = createVigilant({ store: createMysqlStore({ url: database.url }) });
        expect(await tailNumbers(vigilant, start)).toEqual(NUMBERS);
        await vigilant.close();
      }
      await database.drop();
    },
  );
});
