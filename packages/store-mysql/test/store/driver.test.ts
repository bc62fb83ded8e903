import { createTestContext } from '@vigilant/conformance';
import type { Event, Store } from '@vigilant/core';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../../src/index';
import type { MysqlStoreOptions } from '../../src/index';
import { SERVICES, nameDatabase } from '../support/databases';
import { makeEvent, readAll } from '../support/events';

/** How often the store imported the earlier driver. */
let earlierImports = 0;

/** Creates the same store on the last mysql2 that returns JSON columns of MariaDB as text. */
async function createStoreOnEarlierDriver(options: MysqlStoreOptions): Promise<Store> {
  vi.resetModules();
  vi.doMock('mysql2', () => {
    earlierImports += 1;
    return import('mysql2-before-json-changes');
  });
  const { createMysqlStore: create } = await import('../../src/index');
  return create(options);
}

afterEach(() => {
  earlierImports = 0;
  vi.doUnmock('mysql2');
});

const EVENTS: readonly Event[] = [
  makeEvent({
    id: 'json',
    message: '{"not": "parsed"}',
    data: { text: '{"a":1}', list: '[1]', null: 'null' },
  }),
  makeEvent({ id: 'plain', tags: ['["a"]', 'b'], data: { nested: { number: 1.5, none: null, yes: true } } }),
  makeEvent({ id: 'big', severity: -2_147_483_648, data: { digits: '9024055158382595' } }),
];

for (const service of SERVICES)
  describeWithService(service, `events and documents on ${service}`, (address) => {
    it('are the same whichever versions of the driver write and read them', async () => {
      const database = nameDatabase(address);
      const now = createMysqlStore({ url: database.url });
      const before = await createStoreOnEarlierDriver({ url: database.url });
      expect(earlierImports).toBe(1);
      onTestFinished(async () => {
        await Promise.all([now.close(), before.close()]);
        await database.drop();
      });
      await now.open(createTestContext());
      await before.open(createTestContext());
      const [first, ...others] = EVENTS;
      await before.append([first as Event]);
      await now.append(others);
      await now.documents?.put('view', 'a', { value: { text: '{"a":1}' } }, { revision: null });
      const read = await readAll(now);
      expect(read.map(({ sequence: _, ...event }) => event)).toEqual(EVENTS);
      expect(await readAll(before)).toEqual(read);
      expect(await before.documents?.get('view', 'a')).toEqual(await now.documents?.get('view', 'a'));
    });
  });
