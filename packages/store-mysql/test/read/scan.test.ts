import { systemClock } from '@vigilant/core';
import { createTestContext } from '@vigilant/conformance';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../../src/index';
import { resolveMysqlOptions } from '../../src/connection/mysql-options';
import { readState } from '../../src/pool/store-state';
import { scan } from '../../src/read/scan';
import { connectSession } from '../../src/connection/mysql-session';
import { nameTables } from '../../src/sql/tables';
import { nameDatabase } from '../support/databases';
import { makeEvents } from '../support/events';
import { rowsRead } from '../support/rows-read';

describeWithService('mariadb', 'scan', (address) => {
  it('fills the page with later events if some of its rows are pruned while it reads', async () => {
    const database = nameDatabase(address);
    const store = createMysqlStore({ url: database.url });
    await store.open(createTestContext());
    await store.append(makeEvents(300));
    const options = resolveMysqlOptions({ url: database.url });
    const session = await connectSession({ options, clock: systemClock, role: 'reader' });
    onTestFinished(async () => {
      await session.end();
      await store.close();
      await database.drop();
    });
    const tables = nameTables(options.tablePrefix);
    let statements = 0;
    const page = await scan(
      {
        filter: { kind: 'text', field: 'source', operator: 'equals', value: 'auth' },
        order: 'arrival',
        limit: 100,
        maxBytes: 64 * 1024 * 1024,
      },
      {
        tables,
        clock: systemClock,
        readState: () => readState(session, tables),
        throwIfEnded: () => {},
        async use(work) {
          statements += 1;
          // The first two are for the range and the window, this one for the rows.
          if (statements === 3)
            await database.ask(`DELETE FROM \`${database.name}\`.vigilant_event WHERE sequence <= 10`);
          return work(session);
        },
      },
    );
    expect(page.events.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 100 }, (_, n) => n + 11),
    );
    expect(page.next).toMatchObject({ sequence: 110 });
  });

  it('examines at most about 16 MiB of rows in one statement', async () => {
    const database = nameDatabase(address);
    const store = createMysqlStore({ url: database.url });
    await store.open(createTestContext());
    const data = { text: 'x'.repeat(200_000) };
    for (let batch = 0; batch < 6; batch += 1) await store.append(makeEvents(50, { data }));
    // These small rows must not lower the estimate for the large ones.
    await store.append(makeEvents(5_000));
    const options = resolveMysqlOptions({ url: database.url });
    const session = await connectSession({ options, clock: systemClock, role: 'reader' });
    onTestFinished(async () => {
      await session.end();
      await store.close();
      await database.drop();
    });
    const tables = nameTables(options.tablePrefix);
    const reads: number[] = [];
    const page = await scan(
      {
        filter: { kind: 'contains', text: 'nowhere' },
        order: 'arrival',
        limit: 100,
        maxBytes: 64 * 1024 * 1024,
      },
      {
        tables,
        clock: systemClock,
        readState: () => readState(session, tables),
        throwIfEnded: () => {},
        async use(work) {
          const before = await rowsRead(session);
          const result = await work(session);
          reads.push((await rowsRead(session)) - before);
          return result;
        },
      },
    );
    expect(page).toMatchObject({ events: [], complete: true, statistics: { scanned: 5_300 } });
    // The statements for the range and for the windows with large rows.
    expect(Math.max(...reads.slice(0, 5))).toBeLessThan((16 * 1024 * 1024) / 200_000 + 5);
  });
});
