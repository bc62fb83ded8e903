import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestContext } from '@vigilant/conformance';
import type { DocumentStore, Event, EventQuery, Store } from '@vigilant/core';
import { MATCH_ALL } from '@vigilant/core';
import { fromMicros, toMicros } from '@vigilant/core/adapter';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../../src/index';
import type { MysqlStoreOptions } from '../../src/index';
import type { TestDatabase } from '../support/databases';
import { SERVICES, nameDatabase } from '../support/databases';
import { makeEvent, makeEvents, readAll } from '../support/events';

for (const service of SERVICES)
  describeWithService(service, `MysqlStore on ${service}`, (address) => {
    let database: TestDatabase;
    let stores: Store[];
    let store: Store;

    const open = async (options: MysqlStoreOptions = {}): Promise<Store> => {
      const opened = createMysqlStore({ url: database.url, ...options });
      stores.push(opened);
      await opened.open(createTestContext());
      return opened;
    };

    beforeEach(async () => {
      database = nameDatabase(address);
      stores = [];
      store = await open();
    });
    afterEach(async () => {
      await Promise.all(stores.map((each) => each.close()));
      await database.drop();
    });

    const killConnections = async (): Promise<number> => {
      const rows = await database.ask(
        `SELECT id AS id FROM information_schema.processlist WHERE db = '${database.name}'`,
      );
      for (const { id } of rows) await database.ask(`KILL ${Number(id)}`).catch(() => {});
      return rows.length;
    };

    it('succeeds after all its idle connections were killed', async () => {
      await store.append(makeEvents(3));
      await store.status();
      expect(await killConnections()).toBeGreaterThan(0);
      expect(await store.append(makeEvents(2))).toMatchObject({ inserted: 2 });
      await killConnections();
      expect((await store.status()).events).toBe(5);
    });

    it('stores everything once while its connections are killed', async () => {
      const batches = Array.from({ length: 12 }, () => makeEvents(500));
      for (const [index, batch] of batches.entries()) {
        const appending = store.append(batch).catch(() => 'failed');
        await wait(index * 5);
        await killConnections();
        // Like the engine, which appends a failed batch again.
        if ((await appending) === 'failed') await store.append(batch);
      }
      const ids = (await readAll(store)).map(({ id }) => id);
      expect(ids).toEqual(batches.flat().map(({ id }) => id));
      expect((await store.status()).events).toBe(6_000);
    });

    it('appends fifty thousand events with every field at once, without prepared statements', async () => {
      const data = { user: { id: 42, name: 'O\'Hara \\ "x"' }, list: [1, null, true] };
      const batch = makeEvents(50_000, { tags: ['a', 'ü', '😀'], severity: -7, data });
      expect(await store.append(batch)).toEqual({ inserted: 50_000, duplicates: 0, conflicts: [] });
      const { events } = await store.query(newest(3));
      expect(events.map(({ id }) => id)).toEqual(
        batch
          .slice(-3)
          .map(({ id }) => id)
          .reverse(),
      );
      const [row] = await database.ask("SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'");
      // TiDB does not count them.
      expect(Number(row?.['Value'] ?? 0)).toBeLessThan(100);
    });

    it('keeps the earliest and latest times to the microsecond', async () => {
      const micros = [8_796_093_022_207_999, -8_796_093_022_207_999, -1, 0, 1, 1_700_000_000_123_457];
      const batch = micros.map((time) => makeEvent({ timestamp: fromMicros(time) }));
      await store.append(batch);
      for (const [index, { id }] of batch.entries())
        expect(toMicros((await store.get(id))?.timestamp ?? 0)).toBe(micros[index]);
      const [row] = await database.ask(
        `SELECT COUNT(*) AS count FROM \`${database.name}\`.vigilant_event WHERE \`timestamp\` = ${micros[0]}`,
      );
      expect(Number(row?.['count'])).toBe(1);
    });

    it('returns text that looks like JSON as text, and data with its keys in their order', async () => {
      const event = makeEvent({
        message: '{"a":1}',
        source: '[1]',
        data: { z: 1, a: '{"looks":"like json"}', n: 'null', list: ['[]'], big: '9007199254740993' },
      });
      await store.append([event]);
      const found = await store.get(event.id);
      expect(found).toMatchObject({ message: '{"a":1}', source: '[1]' });
      expect(JSON.stringify(found?.data)).toBe(JSON.stringify(event.data));
    });

    it('stores the largest values within the limits, and rejects a batch with a value that is too long for its column', async () => {
      const long = makeEvent({ message: '😀'.repeat(16 * 1024), data: { text: '\\"'.repeat(60_000) } });
      const emoji = makeEvent({ ...textFields('😀'), tags: ['😀'], data: { '😀': '😀' } });
      expect(await store.append([long, emoji, makeEvent()])).toMatchObject({ inserted: 3 });
      expect(await store.get(long.id)).toMatchObject({ message: long.message, data: long.data });
      expect(await store.get(emoji.id)).toMatchObject({ ...textFields('😀'), tags: ['😀'] });
      const bad = makeEvent({ type: 't'.repeat(300) });
      await expect(store.append([makeEvent(), bad])).rejects.toMatchObject({
        code: 'VIGILANT_EVENT_REJECTED',
      });
      expect(await store.status()).toMatchObject({ events: 3, state: 'ready' });
    });

    it('returns pages of any limit', async () => {
      await store.append(makeEvents(250));
      for (const limit of [1, 99, 249, 250, 10_000]) {
        const { events } = await store.query(newest(limit));
        expect(events).toHaveLength(Math.min(limit, 250));
      }
    });

    it('appends the same events from two stores at once without a deadlock', async () => {
      const other = await open();
      const shared = makeEvents(300);
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, round) => {
          const batch = [...shared, ...makeEvents(20)].sort(() => Math.random() - 0.5);
          return (round % 2 === 0 ? store : other).append(batch);
        }),
      );
      expect(results.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(500);
      expect(results.flatMap(({ conflicts }) => conflicts)).toEqual([]);
      expect((await store.status()).events).toBe(500);
    });

    it('opens one database from several servers at once', async () => {
      const fresh = nameDatabase(address);
      const many = Array.from({ length: 6 }, () => createMysqlStore({ url: fresh.url }));
      try {
        await Promise.all(many.map((each) => each.open(createTestContext())));
        const epochs = await Promise.all(many.map(async (each) => (await each.status()).epoch));
        expect(new Set(epochs).size).toBe(1);
      } finally {
        await Promise.all(many.map((each) => each.close()));
        await fresh.drop();
      }
    });

    it('accepts events while it prunes', async () => {
      for (let round = 0; round < 8; round += 1) await store.append(makeEvents(5_000, { receivedAt: 1_000 }));
      const pruning = store.prune?.({ receivedBefore: 2_000 });
      let isPruning = true;
      void pruning?.finally(() => (isPruning = false));
      let appended = 0;
      while (isPruning) appended += (await store.append(makeEvents(50))).inserted;
      expect(await pruning).toEqual({ deleted: 40_000, complete: true });
      expect((await store.status()).events).toBe(appended);
    });

    it('rejects tables of a newer version and a table of another application, and changes nothing', async () => {
      await store.close();
      await database.ask(`UPDATE \`${database.name}\`.vigilant_schema SET version = 1000`);
      await expect(open()).rejects.toMatchObject({ code: 'VIGILANT_SCHEMA_UNSUPPORTED' });
      await database.ask(`CREATE TABLE \`${database.name}\`.other_event (a INT)`);
      await expect(open({ tablePrefix: 'other_' })).rejects.toThrow(/other_event.*tablePrefix/);
      expect(await database.ask(`SHOW TABLES IN \`${database.name}\` LIKE 'other%'`)).toHaveLength(1);
    });

    it('stores a blob of sixteen megabytes', async () => {
      const blob = new Uint8Array(16 * 1024 * 1024).map((_, index) => index % 251);
      const revision = await store.documents?.put(
        'dead-letter',
        'a',
        { value: {}, blob },
        { revision: null },
      );
      const found = await store.documents?.get('dead-letter', 'a');
      expect(Buffer.from(found?.blob ?? []).equals(Buffer.from(blob))).toBe(true);
      expect(await store.documents?.delete('dead-letter', 'a', { revision: revision ?? '' })).toBe(true);
      const [row] = await database.ask(
        `SELECT COUNT(*) AS count FROM \`${database.name}\`.vigilant_document_part`,
      );
      expect(Number(row?.['count'])).toBe(0);
    });

    it('deletes the blobs of documents that a write replaces, deletes or does not write', async () => {
      const documents = store.documents as DocumentStore;
      const content = { value: {}, blob: new Uint8Array(300_000) };
      const creation = (key: string) => ({ kind: 'view', key, content, revision: null });
      expect(await documents.write(['a', 'b', 'c'].map(creation))).toBe(true);
      const [a = '', b = '', c = ''] = (await documents.list('view', { limit: 3 })).documents.map(
        ({ revision }) => revision,
      );
      const written = await documents.write([
        { kind: 'view', key: 'a', content, revision: a },
        { kind: 'view', key: 'b', content: { value: {} }, revision: b },
        { kind: 'view', key: 'c', revision: c },
      ]);
      expect(written).toBe(true);
      expect(await documents.write([creation('d'), creation('a')])).toBe(false);
      const [row] = await database.ask(
        `SELECT COUNT(*) AS count FROM \`${database.name}\`.vigilant_document_part`,
      );
      // The two parts of the blob of document a.
      expect(Number(row?.['count'])).toBe(2);
    });

    it('shows ids, times and levels as text in its view', async () => {
      const id = '0190163d-8694-739b-aea5-966c26f8ad91';
      await store.append([
        makeEvent({ id, level: 'WARN', timestamp: -0.001 }),
        makeEvent({ id: 'text', timestamp: 1_700_000_000_000.123 }),
      ]);
      const rows = await database.ask(
        `SELECT id, timestamp, level FROM \`${database.name}\`.vigilant_events ORDER BY sequence`,
      );
      expect(rows).toEqual([
        { id, timestamp: '1969-12-31T23:59:59.999999Z', level: 'WARN' },
        { id: 'text', timestamp: '2023-11-14T22:13:20.000123Z', level: 'INFO' },
      ]);
    });

    it('rejects a wrong password and a missing right with advice, and does not show the password', async () => {
      await database.ask(`CREATE USER 'u${database.name.slice(-12)}'@'%' IDENTIFIED BY 'right'`);
      const user = `u${database.name.slice(-12)}`;
      const { hostname, port } = new URL(address);
      const options = { host: hostname, port: Number(port), user, database: database.name };
      const failing = createMysqlStore({ ...options, password: 'wrong-secret' });
      const error = await failing.open(createTestContext()).catch((reason: unknown) => reason as Error);
      expect(error).toMatchObject({ code: 'VIGILANT_STORE_UNAVAILABLE' });
      expect((error as Error).message).toContain('Check user, password');
      expect((error as Error).message).not.toContain('wrong-secret');
      const unable = createMysqlStore({ ...options, password: 'right', database: `${database.name}_none` });
      await expect(unable.open(createTestContext())).rejects.toMatchObject({
        code: 'VIGILANT_STORE_UNAVAILABLE',
      });
      await database.ask(`DROP USER '${user}'@'%'`);
    });
  });

function newest(limit: number): EventQuery {
  return { filter: MATCH_ALL, order: 'newest', limit, maxBytes: 64 * 1024 * 1024 };
}

function textFields(text: string): Partial<Event> {
  return { message: text, origin: text, source: text, type: text, group: text };
}
