import { createTestContext } from '@vigilant/conformance';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../../src/index';
import { SERVICES, nameDatabase } from '../support/databases';
import { makeEvents } from '../support/events';

const MIB = 1024 * 1024;

for (const service of SERVICES)
  describeWithService(service, `status on ${service}`, (address) => {
    it('reports a size that grows with the events', async () => {
      const database = nameDatabase(address);
      const store = createMysqlStore({ url: database.url });
      onTestFinished(async () => {
        await store.close();
        await database.drop();
      });
      await store.open(createTestContext());
      await store.append(makeEvents(10));
      const before = (await store.status()).bytes ?? 0;
      expect(before).toBeGreaterThan(0);
      // By default, MySQL 8 reports the first size for a day.
      await store.append(makeEvents(40, { data: { text: 'x'.repeat(200_000) } }));
      // The server updates its estimate in the background.
      await expect
        .poll(async () => (await store.status()).bytes, { timeout: 120_000 })
        .toBeGreaterThan(before + 4 * MIB);
    });
  });
