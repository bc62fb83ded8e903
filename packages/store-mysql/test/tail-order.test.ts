import { createVigilant } from '@vigilant/core';
import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { NUMBERS, tailNumbers } from '../../../scripts/test/support/tail-numbers';
import { createMysqlStore } from '../src/index';
import { nameDatabase } from './support/databases';

const ROUNDS = 5;

describeWithService('mariadb', 'Vigilant.tail', (address) => {
  it('returns its first events in the order in which they were logged, on a MySQL store', async () => {
    const database = nameDatabase(address);
    for (let round = 0; round < ROUNDS; round += 1) {
      const vigilant = createVigilant({ store: createMysqlStore({ url: database.url }) });
      expect(await tailNumbers(vigilant)).toEqual(NUMBERS);
      await vigilant.close();
    }
    await database.drop();
  });
});
