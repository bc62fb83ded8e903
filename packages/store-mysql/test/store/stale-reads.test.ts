import { createTestContext } from '@vigilant/conformance';
import type { DocumentStore, Store } from '@vigilant/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../../src/index';
import type { TestDatabase } from '../support/databases';
import { nameDatabase } from '../support/databases';
import { makeEvent, readAll } from '../support/events';
import type { Proxy } from '../support/proxy';
import { startProxy } from '../support/proxy';

// The old primary is a MariaDB server, and the new primary is a MySQL server with a copy of the data.
describeWithService('mariadb', 'MysqlStore', (oldAddress) =>
  describeWithService('mysql', 'with a connection to the old primary after a switchover', (newAddress) => {
    const before = makeEvent();
    const after = makeEvent();
    let oldDatabase: TestDatabase;
    let newDatabase: TestDatabase;
    let copy: Store;
    let proxy: Proxy;
    let store: Store;

    beforeEach(async () => {
      oldDatabase = nameDatabase(oldAddress);
      newDatabase = nameDatabase(newAddress, oldDatabase.name);
      copy = createMysqlStore({ url: newDatabase.url });
      proxy = await startProxy(oldDatabase.url);
      store = createMysqlStore({ url: proxy.url, maxConnections: 1 });
      for (const each of [store, copy]) {
        await each.open(createTestContext());
        await each.append([before]);
        await each.documents?.put('view', 'a', { value: { copy: each === copy } }, { revision: null });
      }
      const { epoch } = await store.status();
      await newDatabase.ask(`UPDATE \`${newDatabase.name}\`.vigilant_store SET epoch = '${epoch}'`);
      // The connection for writing breaks, and the one for reading is opened before the switchover.
      const connections = await oldDatabase.ask(
        `SELECT id AS id FROM information_schema.processlist WHERE db = '${oldDatabase.name}'`,
      );
      for (const { id } of connections) await oldDatabase.ask(`KILL ${Number(id)}`);
      await store.status();
      proxy.switchTo(newAddress);
    });
    afterEach(async () => {
      await Promise.all([store.close(), copy.close()]);
      await proxy.close();
      await Promise.all([oldDatabase.drop(), newDatabase.drop()]);
    });

    const documents = (): DocumentStore => store.documents as DocumentStore;
    const revisionOf = async (key: string): Promise<string> =>
      (await (copy.documents as DocumentStore).get('view', key))?.revision ?? '';

    it('finds an event by id that the new primary has', async () => {
      await store.append([after]);
      expect(await store.get(after.id)).toMatchObject({ id: after.id });
    });

    it('finds all events of the new primary', async () => {
      await store.append([after]);
      expect((await readAll(store)).map(({ id }) => id)).toEqual([before.id, after.id]);
    });

    it('returns documents of the new primary after an append', async () => {
      await store.append([after]);
      expect(await documents().get('view', 'a')).toMatchObject({ value: { copy: true } });
    });

    it('prunes the events of the new primary', async () => {
      await store.append([after]);
      expect(await store.prune?.({ maxEvents: 1 })).toEqual({ deleted: 1, complete: true });
    });

    it('returns a document that was put, without an append', async () => {
      await documents().put('view', 'b', { value: {} }, { revision: null });
      expect(await documents().count('view')).toBe(2);
    });

    it('does not return a document that was deleted, without an append', async () => {
      expect(await documents().delete('view', 'a', { revision: await revisionOf('a') })).toBe(true);
      expect(await documents().get('view', 'a')).toBeUndefined();
    });

    it('returns the document that another process has written after a write that had an earlier revision', async () => {
      const earlier = (await documents().get('view', 'a'))?.revision ?? '';
      await copy.documents?.put('view', 'a', { value: { n: 2 } }, { revision: await revisionOf('a') });
      expect(await documents().put('view', 'a', { value: {} }, { revision: earlier })).toBeUndefined();
      expect(await documents().get('view', 'a')).toMatchObject({ value: { n: 2 } });
    });
  }),
);
