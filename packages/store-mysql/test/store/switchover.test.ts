import { createTestContext } from '@vigilant/conformance';
import type { Event } from '@vigilant/core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeWithOwnServices } from '../../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../../src/index';
import { nameDatabase } from '../support/databases';
import { makeEvents, readAll } from '../support/events';
import { startProxy } from '../support/proxy';
import type { Pair } from '../support/replica';
import { startPair } from '../support/replica';

for (const service of ['mariadb', 'mysql'] as const)
  describeWithOwnServices([service], `MysqlStore on ${service} behind a proxy`, () => {
    let pair: Pair;
    beforeAll(async () => {
      pair = await startPair(service);
    });
    afterAll(() => pair?.dispose());

    it('appends to the new primary at once after a switchover, and reads everything stored there', async () => {
      const { url } = nameDatabase(pair.primary);
      const proxy = await startProxy(url);
      const context = createTestContext();
      const store = createMysqlStore({ url: proxy.url, maxConnections: 2 });
      onTestFinished(async () => {
        await store.close();
        await proxy.close();
      });
      await store.open(context);
      const stored: Event[] = [];
      const append = async (): Promise<void> => {
        const batch = makeEvents(5);
        await store.append(batch);
        stored.push(...batch);
      };
      await append();
      // Leaves several idle connections for reading to the old primary.
      await Promise.all([store.status(), store.status()]);

      await pair.demote();
      await expect(append()).rejects.toMatchObject({
        code: 'VIGILANT_STORE_UNAVAILABLE',
        message: expect.stringContaining('read-only') as string,
      });
      await pair.promote();
      proxy.switchTo(pair.replica);
      await append();
      await append();
      const found = await Promise.all([readAll(store), readAll(store), readAll(store)]);
      for (const events of found)
        expect(events.map(({ id }) => id)).toEqual(expect.arrayContaining(stored.map(({ id }) => id)));
      expect(await store.status()).toMatchObject({ state: 'ready', events: found[0]?.length });
    });
  });
