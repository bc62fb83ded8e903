import { createTestContext } from '@vigilant/conformance';
import type { EventOrder, EventQuery, Filter, Store } from '@vigilant/core';
import { systemClock } from '@vigilant/core';
import { toMicros } from '@vigilant/core/adapter';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../../src/index';
import { resolveMysqlOptions } from '../../src/connection/mysql-options';
import { readState } from '../../src/pool/store-state';
import { scan } from '../../src/read/scan';
import type { MysqlSession } from '../../src/connection/mysql-session';
import { connectSession } from '../../src/connection/mysql-session';
import { nameTables } from '../../src/sql/tables';
import type { TestDatabase } from '../support/databases';
import { SERVICES, nameDatabase } from '../support/databases';
import { makeEvents } from '../support/events';
import { rowsRead } from '../support/rows-read';

const STORED = 40_000;
const IN_RANGE = 4_000;

for (const service of SERVICES)
  describeWithService(service, `scan of a time range on ${service}`, (address) => {
    let database: TestDatabase;
    let store: Store;
    let session: MysqlSession;
    let range: Filter;

    beforeAll(async () => {
      database = nameDatabase(address);
      store = createMysqlStore({ url: database.url });
      await store.open(createTestContext());
      const options = resolveMysqlOptions({ url: database.url });
      session = await connectSession({ options, clock: systemClock, role: 'reader' });
      const events = makeEvents(STORED);
      events.forEach((event, index) => index % 10 === 0 && Object.assign(event, { level: 'ERROR' }));
      for (let start = 0; start < STORED; start += 5_000)
        await store.append(events.slice(start, start + 5_000));
      const middle = STORED / 2;
      range = {
        kind: 'and',
        filters: [
          { kind: 'ordered', field: 'level', operator: '=', value: 3 },
          bound('>=', events[middle]?.timestamp),
          bound('<', events[middle + IN_RANGE]?.timestamp),
        ],
      };
    });
    afterAll(async () => {
      await session.end();
      await store.close();
      await database.drop();
    });

    // In order of arrival the range is read from the index first.
    for (const [order, most] of [
      ['oldest', 2],
      ['newest', 2],
      ['arrival', 3],
    ] as const)
      it(`reads at most ${most} times the rows of the range, ${order} first`, async () => {
        const before = await rowsRead(session);
        const tables = nameTables('vigilant_');
        const page = await scan(whole(range, order), {
          tables,
          clock: systemClock,
          readState: () => readState(session, tables),
          use: (work) => work(session),
          throwIfEnded: () => {},
        });
        const read = (await rowsRead(session)) - before;
        expect(page.events).toHaveLength(IN_RANGE / 10);
        expect(page.statistics?.scanned).toBeLessThanOrEqual(IN_RANGE);
        expect(read).toBeLessThanOrEqual(most * IN_RANGE);
      });
  });

function bound(operator: '>=' | '<', timestamp = 0): Filter {
  return { kind: 'ordered', field: 'timestamp', operator, value: toMicros(timestamp) };
}

function whole(filter: Filter, order: EventOrder): EventQuery {
  return { filter, order, limit: 10_000, maxBytes: 64 * 1024 * 1024 };
}
