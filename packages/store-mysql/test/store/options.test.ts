import { createTestContext } from '@vigilant/conformance';
import { MATCH_ALL } from '@vigilant/core';
import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import type { MysqlStoreOptions } from '../../src/index';
import { createMysqlStore } from '../../src/index';
import { SERVICES, nameDatabase } from '../support/databases';
import { makeEvents, readAll } from '../support/events';

const SUFFIX = randomBytes(6).toString('hex');

for (const service of SERVICES)
  describeWithService(service, `MysqlStore on ${service} with extreme options`, (address) => {
    it.each<[string, MysqlStoreOptions]>([
      ['no table prefix', { tablePrefix: '' }],
      ['the longest table prefix', { tablePrefix: `V1_${'x'.repeat(29)}` }],
      ['a database with an odd name', { database: `Ünï$-_${SUFFIX}` }],
      ['the longest name of a database', { database: `${SUFFIX}${'ß'.repeat(64 - SUFFIX.length)}` }],
      ['one connection for reading', { maxConnections: 1 }],
      ['the most connections', { maxConnections: 1_000 }],
      ['the shortest time limits', { connectTimeoutMs: 1_000, statementTimeoutMs: 1_000 }],
      ['the longest time limits', { connectTimeoutMs: 600_000, statementTimeoutMs: 3_600_000 }],
    ])('stores, reads and deletes events with %s', async (_, options) => {
      const { hostname, port } = new URL(address);
      const named = nameDatabase(address, options.database);
      const all = { host: hostname, port: Number(port), database: named.name, ...options };
      const store = createMysqlStore(all);
      const other = createMysqlStore(all);
      onTestFinished(async () => {
        await Promise.all([store.close(), other.close()]);
        await named.drop();
      });
      const context = createTestContext();
      await store.open(context);
      await store.append(makeEvents(30));
      await other.open(context);
      const query = { filter: MATCH_ALL, order: 'newest', limit: 10, maxBytes: 1_000_000 } as const;
      const pages = await Promise.all(Array.from({ length: 20 }, () => store.query(query)));
      expect(pages.map(({ events }) => events.length)).toEqual(Array.from({ length: 20 }, () => 10));
      await other.append(makeEvents(5));
      await other.documents?.put('view', 'a', { value: {} }, { revision: null });
      expect(await store.documents?.count('view')).toBe(1);
      expect(await store.prune?.({ maxEvents: 20 })).toEqual({ deleted: 15, complete: true });
      expect(await readAll(other)).toHaveLength(20);
      expect((await store.status()).bytes).toBeGreaterThan(0);
      expect(context.reported.filter(({ level }) => level !== 'info')).toEqual([]);
    });

    it('connects through a Unix socket', async () => {
      const database = nameDatabase(address);
      const [row] = await database.ask('SELECT @@socket AS socket');
      const store = createMysqlStore({ socketPath: String(row?.['socket']), database: database.name });
      onTestFinished(async () => {
        await store.close();
        await database.drop();
      });
      await store.open(createTestContext());
      expect(await store.append(makeEvents(3))).toMatchObject({ inserted: 3 });
    });
  });
