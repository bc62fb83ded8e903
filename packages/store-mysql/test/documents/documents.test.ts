import { createTestContext } from '@vigilant/conformance';
import type { DocumentPage, DocumentStore, Store } from '@vigilant/core';
import { systemClock } from '@vigilant/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { createDocuments } from '../../src/documents/documents';
import { createMysqlStore } from '../../src/index';
import { resolveMysqlOptions } from '../../src/connection/mysql-options';
import type { MysqlSession } from '../../src/connection/mysql-session';
import { connectSession } from '../../src/connection/mysql-session';
import { nameTables } from '../../src/sql/tables';
import type { TestDatabase } from '../support/databases';
import { SERVICES, nameDatabase } from '../support/databases';

for (const service of SERVICES)
  describeWithService(service, `DocumentStore on ${service}`, (address) => {
    let database: TestDatabase;
    let store: Store;
    let session: MysqlSession;
    beforeEach(async () => {
      database = nameDatabase(address);
      store = createMysqlStore({ url: database.url });
      await store.open(createTestContext());
      const options = resolveMysqlOptions({ url: database.url });
      session = await connectSession({ options, clock: systemClock, role: 'reader' });
      for (const key of ['a', 'c', 'd']) await put(key);
    });
    afterEach(async () => {
      await session.end();
      await store.close();
      await database.drop();
    });

    const put = (key: string): Promise<unknown> =>
      (store.documents as DocumentStore).put('view', key, { value: {} }, { revision: null });

    /** Lists pages of two documents. Calls back between the first two statements, which read the sizes and the documents. */
    const listPages = async (onSizesRead: () => Promise<unknown>): Promise<readonly string[][]> => {
      let statements = 0;
      const interrupted = Object.assign(Object.create(session) as MysqlSession, {
        async rows(...statement: Parameters<MysqlSession['rows']>) {
          statements += 1;
          if (statements === 2) await onSizesRead();
          return session.rows(...statement);
        },
      });
      const documents = createDocuments({
        tables: nameTables('vigilant_'),
        read: (work) => work(interrupted),
        write: () => Promise.reject(new Error('The test does not write.')),
        onWrite: () => {},
      });
      const pages: string[][] = [];
      for (let after: string | undefined = ''; after !== undefined;) {
        const page: DocumentPage = await documents.list('view', { limit: 2, after });
        pages.push(page.documents.map(({ key }) => key));
        after = page.next;
      }
      return pages;
    };

    it('lists every document once, at most limit on a page, while another is added', async () => {
      expect(await listPages(() => put('b'))).toEqual([
        ['a', 'b'],
        ['c', 'd'],
      ]);
    });

    it('returns the documents after those that are deleted while it reads', async () => {
      const remove = (): Promise<unknown> =>
        database.ask(`DELETE FROM \`${database.name}\`.vigilant_document WHERE \`key\` < 'd'`);
      expect(await listPages(remove)).toEqual([['d']]);
    });

    it('rejects a document whose blob lacks a part', async () => {
      const documents = store.documents as DocumentStore;
      await documents.put('view', 'e', { value: {}, blob: new Uint8Array(10) }, { revision: null });
      await database.ask(`DELETE FROM \`${database.name}\`.vigilant_document_part`);
      await expect(documents.get('view', 'e')).rejects.toMatchObject({
        code: 'VIGILANT_STORE_UNAVAILABLE',
        message: expect.stringMatching(/"e" .* is damaged/) as string,
      });
      expect(await documents.get('view', 'a')).toMatchObject({ key: 'a' });
    });
  });
