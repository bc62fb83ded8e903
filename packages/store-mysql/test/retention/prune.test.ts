import { createTestContext } from '@vigilant/conformance';
import { systemClock } from '@vigilant/core';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../../src/index';
import { resolveMysqlOptions } from '../../src/connection/mysql-options';
import { prune } from '../../src/retention/prune';
import type { MysqlSession } from '../../src/connection/mysql-session';
import { connectSession } from '../../src/connection/mysql-session';
import { nameTables } from '../../src/sql/tables';
import { SERVICES, nameDatabase } from '../support/databases';
import { makeEvents, readAll } from '../support/events';

for (const service of SERVICES)
  describeWithService(service, `prune on ${service}`, (address) => {
    it('deletes nothing that the policy keeps while another server prunes by the same policy', async () => {
      const database = nameDatabase(address);
      const store = createMysqlStore({ url: database.url });
      await store.open(createTestContext());
      const options = resolveMysqlOptions({ url: database.url });
      const session = await connectSession({ options, clock: systemClock, role: 'writer' });
      onTestFinished(async () => {
        await session.end();
        await store.close();
        await database.drop();
      });
      const events = makeEvents(100);
      await store.append(events);
      const policy = { maxEvents: 30 };
      // The other prunes after each statement that finds rows.
      const interrupted = Object.assign(Object.create(session) as MysqlSession, {
        async rows(sql: string) {
          const rows = await session.rows(sql);
          await store.prune?.(policy);
          return rows;
        },
      });
      const result = await prune(policy, {
        tables: nameTables('vigilant_'),
        clock: systemClock,
        isEnded: () => false,
        read: (work) => work(interrupted),
        write: (work) => work(session),
      });
      expect(result).toEqual({ deleted: 0, complete: true });
      expect((await readAll(store)).map(({ id }) => id)).toEqual(events.slice(70).map(({ id }) => id));
      expect(await store.status()).toMatchObject({ events: 30, prunedThrough: 70 });
    });

    it('deletes at most 1,000 events in a transaction, and blocks no other server after it', async () => {
      const database = nameDatabase(address);
      const store = createMysqlStore({ url: database.url });
      await store.open(createTestContext());
      const options = resolveMysqlOptions({ url: database.url });
      const session = await connectSession({ options, clock: systemClock, role: 'writer' });
      onTestFinished(async () => {
        await session.end();
        await store.close();
        await database.drop();
      });
      await store.append(makeEvents(2_500, { receivedAt: 1_000 }));
      const steps: unknown[] = [];
      const result = await prune(
        { receivedBefore: 2_000 },
        {
          tables: nameTables('vigilant_'),
          clock: systemClock,
          isEnded: () => false,
          read: (work) => work(session),
          async write(work) {
            const deleted = await work(session);
            steps.push(deleted);
            // Rejected if the session still holds a lock.
            await store.append(makeEvents(1));
            return deleted;
          },
        },
      );
      expect(steps).toEqual([1_000, 1_000, 500]);
      expect(result).toEqual({ deleted: 2_500, complete: true });
      expect(await store.status()).toMatchObject({ events: 3 });
    });
  });
