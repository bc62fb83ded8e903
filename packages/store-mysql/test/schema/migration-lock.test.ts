import { createTestContext } from '@vigilant/conformance';
import { systemClock } from '@vigilant/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { resolveMysqlOptions } from '../../src/connection/mysql-options';
import type { MysqlSession } from '../../src/connection/mysql-session';
import { connectSession } from '../../src/connection/mysql-session';
import { createMysqlStore } from '../../src/index';
import { withMigrationLock } from '../../src/schema/migration-lock';
import { nameTables } from '../../src/sql/tables';
import type { TestDatabase } from '../support/databases';
import { SERVICES, nameDatabase } from '../support/databases';

const SERVERS = 4;

for (const service of SERVICES)
  describeWithService(service, `withMigrationLock on ${service}`, (address) => {
    let database: TestDatabase;
    let sessions: readonly MysqlSession[];

    beforeEach(async () => {
      database = nameDatabase(address);
      const store = createMysqlStore({ url: database.url });
      await store.open(createTestContext());
      await store.close();
      const options = resolveMysqlOptions({ url: database.url });
      sessions = await Promise.all(
        Array.from({ length: SERVERS }, () =>
          connectSession({ options, clock: systemClock, role: 'writer' }),
        ),
      );
    });
    afterEach(async () => {
      await Promise.all(sessions.map((session) => session.end()));
      await database.drop();
    });

    const partsOf = (session: MysqlSession) => ({
      session,
      tables: nameTables('vigilant_'),
      database: database.name,
      clock: systemClock,
    });

    it('runs the work of one server at a time', async () => {
      let running = 0;
      const runningAtOnce: number[] = [];
      await Promise.all(
        sessions.map((session) =>
          withMigrationLock(partsOf(session), async (lock) => {
            runningAtOnce.push((running += 1));
            for (let statement = 0; statement < 10; statement += 1) await lock.check();
            running -= 1;
          }),
        ),
      );
      expect(runningAtOnce).toEqual(Array.from({ length: SERVERS }, () => 1));
    });

    it('releases the lock when the work fails, and leaves no row', async () => {
      const [first, second] = sessions as [MysqlSession, MysqlSession];
      const failing = withMigrationLock(partsOf(first), () => Promise.reject(new Error('no space')));
      await expect(failing).rejects.toThrow('no space');
      await withMigrationLock(partsOf(second), async () => {});
      const rows = await database.ask(`SELECT version FROM \`${database.name}\`.vigilant_schema`);
      expect(rows).toHaveLength(1);
    });

    it('rejects the check of a lock whose connection was lost', async () => {
      const [first, second] = sessions as [MysqlSession, MysqlSession];
      const migrating = withMigrationLock(partsOf(first), async (lock) => {
        const [[id] = []] = await first.rows('SELECT CONNECTION_ID()');
        await database.ask(`KILL ${Number(id)}`);
        // Succeeds once the server has rolled the transaction of the first server back.
        await withMigrationLock(partsOf(second), async () => {});
        await lock.check();
      });
      await expect(migrating).rejects.toThrow();
    });
  });
