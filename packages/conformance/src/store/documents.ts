import assert from 'node:assert/strict';
import { MAX_DOCUMENT_BYTES } from '@vigilant/core';
import type { Document, DocumentStore, JsonObject, Store } from '@vigilant/core';
import type { StoreCase } from './fixture';

const NEW = { revision: null };

/** Returns the documents of a store that has them. */
export function documentsOf(store: Store): DocumentStore {
  assert.ok(store.documents !== undefined);
  return store.documents;
}

/** Writes a document without concurrent writers, and returns its revision. */
export async function put(
  documents: DocumentStore,
  kind: string,
  key: string,
  value: JsonObject,
  revision: string | null = null,
): Promise<string> {
  const written = await documents.put(kind, key, { value }, { revision });
  assert.ok(written !== undefined, `Document ${key} was not written.`);
  return written;
}

async function listAll(
  documents: DocumentStore,
  kind: string,
  limit: number,
): Promise<readonly Omit<Document, 'blob'>[]> {
  const listed: Omit<Document, 'blob'>[] = [];
  for (let after: string | undefined; ;) {
    const page = await documents.list(kind, { limit, ...(after === undefined ? {} : { after }) });
    assert.ok(page.documents.length <= limit, 'The page has more documents than requested.');
    listed.push(...page.documents);
    if (page.next === undefined) return listed;
    after = page.next;
  }
}

/** Documents. */
export const documentCases: readonly StoreCase[] = [
  {
    id: 'store/documents/compare-and-set',
    behaviour: 'writes and deletes a document only if its revision is the one given',
    needs: ['documents'],
    async run({ store }) {
      const documents = documentsOf(store);
      assert.equal(await documents.get('view', 'a'), undefined);
      assert.equal(await documents.put('view', 'a', { value: {} }, { revision: 'none' }), undefined);
      const first = await put(documents, 'view', 'a', { n: 1 });
      assert.equal(await documents.put('view', 'a', { value: { n: 2 } }, NEW), undefined);
      const second = await put(documents, 'view', 'a', { n: 2 }, first);
      assert.equal(await documents.put('view', 'a', { value: { n: 3 } }, { revision: first }), undefined);
      assert.deepEqual(await documents.get('view', 'a'), { key: 'a', value: { n: 2 }, revision: second });
      assert.equal(await documents.delete('view', 'a', { revision: first }), false);
      assert.equal(await documents.delete('view', 'a', { revision: second }), true);
      assert.equal(await documents.delete('view', 'a', { revision: second }), false);
      assert.equal(await documents.get('view', 'a'), undefined);
    },
  },
  {
    id: 'store/documents/first-wins',
    behaviour: 'accepts exactly one of several concurrent writers',
    needs: ['documents'],
    async run({ store }) {
      const documents = documentsOf(store);
      const race = (revision: string | null): Promise<(string | undefined)[]> =>
        Promise.all(
          Array.from({ length: 10 }, (_, n) => documents.put('lease', 'a', { value: { n } }, { revision })),
        );
      const winners = (await race(null)).filter((revision) => revision !== undefined);
      assert.equal(winners.length, 1);
      assert.equal((await race(winners[0] as string)).filter((revision) => revision !== undefined).length, 1);
    },
  },
  {
    id: 'store/documents/revision-never-repeats',
    behaviour: 'assigns a new revision to each write, even after a delete',
    needs: ['documents'],
    async run({ store }) {
      const documents = documentsOf(store);
      const revisions: string[] = [];
      for (let round = 0; round < 5; round += 1) {
        revisions.push(await put(documents, 'rule', 'a', { same: true }));
        revisions.push(await put(documents, 'rule', 'a', { same: true }, revisions.at(-1)));
        revisions.push(await put(documents, 'rule', `b${round}`, { same: true }));
        await documents.delete('rule', 'a', { revision: revisions.at(-2) as string });
      }
      assert.equal(new Set(revisions).size, revisions.length);
    },
  },
  {
    id: 'store/documents/list',
    behaviour: 'lists the documents of a kind by key, page by page, without their blobs',
    needs: ['documents'],
    async run({ store }) {
      const documents = documentsOf(store);
      const keys = [
        'b',
        'a',
        'B',
        'a/1',
        'a-1',
        '__proto__',
        'a b',
        '10',
        '9',
        '~',
        'constructor',
        '\u{1f600}',
        '\uff5e',
      ];
      for (const key of keys)
        await documents.put('key', key, { value: { key }, blob: new Uint8Array([1]) }, NEW);
      await put(documents, 'other', 'c', {});
      for (const limit of [1, 3, 1_000]) {
        const listed = await listAll(documents, 'key', limit);
        assert.deepEqual(
          listed.map(({ key }) => key),
          [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
        );
        for (const document of listed) {
          assert.deepEqual(document.value, { key: document.key });
          assert.ok(!('blob' in document), 'A list must not contain blobs.');
        }
      }
      assert.deepEqual((await documents.list('nothing', { limit: 10 })).documents, []);
    },
  },
  {
    id: 'store/documents/list-bytes',
    behaviour: 'ends a page at maxBytes, after at least one document',
    needs: ['documents'],
    async run({ store }) {
      const documents = documentsOf(store);
      const text = 'x'.repeat(10_000);
      for (let n = 0; n < 9; n += 1) await put(documents, 'key', `a${n}`, { text });
      const sizes = async (maxBytes: number): Promise<number> =>
        (await documents.list('key', { limit: 1_000, maxBytes })).documents.length;
      assert.equal(await sizes(1), 1);
      assert.equal(await sizes(30_000), 3);
      assert.equal(await sizes(1_000_000), 9);
      const first = await documents.list('key', { limit: 1_000, maxBytes: 30_000 });
      const rest = await documents.list('key', { limit: 1_000, after: first.next as string });
      assert.deepEqual(
        rest.documents.map(({ key }) => key),
        ['a3', 'a4', 'a5', 'a6', 'a7', 'a8'],
      );
    },
  },
  {
    id: 'store/documents/count',
    behaviour: 'counts the documents of a kind',
    needs: ['documents'],
    async run({ store }) {
      const documents = documentsOf(store);
      assert.equal(await documents.count('key'), 0);
      for (const key of ['a', 'b', 'c']) await put(documents, 'key', key, {});
      await put(documents, 'other', 'a', {});
      assert.equal(await documents.count('key'), 3);
      const found = await documents.get('key', 'b');
      await documents.delete('key', 'b', { revision: found?.revision as string });
      assert.equal(await documents.count('key'), 2);
    },
  },
  {
    id: 'store/documents/content',
    behaviour: 'returns value and blob as they were when written',
    needs: ['documents'],
    async run({ store }) {
      const documents = documentsOf(store);
      const blob = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
      const value = JSON.parse(
        '{"text":"😀 \\u0000 \\" \\\\","list":[1,null,true,0.1],"__proto__":{"a":1}}',
      ) as JsonObject;
      const given = structuredClone(value) as { text?: string };
      const bytes = blob.slice();
      const revision = await documents.put(
        'dead-letter',
        'a',
        { value: given as JsonObject, blob: bytes },
        NEW,
      );
      given.text = 'changed afterwards';
      bytes.fill(0);
      const found = await documents.get('dead-letter', 'a');
      assert.ok(found?.blob !== undefined);
      assert.deepEqual(found.value, value);
      assert.equal(found.revision, revision);
      assert.ok(Buffer.from(found.blob).equals(blob), 'The blob changed.');
      await documents.put('dead-letter', 'a', { value: {} }, { revision: found.revision });
      assert.equal(
        (await documents.get('dead-letter', 'a'))?.blob,
        undefined,
        'A write without a blob must remove the blob.',
      );
      const largest = { text: 'x'.repeat(MAX_DOCUMENT_BYTES - Buffer.byteLength('{"text":""}')) };
      await put(documents, 'dead-letter', 'largest', largest);
      assert.deepEqual((await documents.get('dead-letter', 'largest'))?.value, largest);
    },
  },
  {
    id: 'store/documents/apart-from-events',
    behaviour: 'does not return documents as events',
    needs: ['documents'],
    async run({ store }) {
      await put(documentsOf(store), 'view', 'a', {});
      const { events, lastSequence } = await store.status();
      assert.deepEqual([events, lastSequence], [0, 0]);
    },
  },
  {
    id: 'store/documents/reopen-keeps',
    behaviour: 'keeps documents and does not reuse revisions after it is reopened',
    needs: ['documents', 'durable'],
    async run({ store, reopen }) {
      const first = await put(documentsOf(store), 'rule', 'a', { n: 1 });
      const second = await put(documentsOf(store), 'rule', 'b', { n: 2 });
      await documentsOf(store).delete('rule', 'b', { revision: second });
      const together = [{ kind: 'rule', key: 'c', content: { value: { n: 3 } }, revision: null }];
      assert.equal(await documentsOf(store).write(together), true);
      const documents = documentsOf(await reopen());
      assert.deepEqual(await documents.get('rule', 'a'), { key: 'a', value: { n: 1 }, revision: first });
      const written = await documents.get('rule', 'c');
      assert.deepEqual(written?.value, { n: 3 });
      const third = await put(documents, 'rule', 'b', { n: 2 });
      assert.ok(![first, second, written.revision].includes(third), 'A revision was reused.');
    },
  },
  {
    id: 'store/documents/shared',
    behaviour: 'accepts exactly one write when several processes write the same document',
    needs: ['documents', 'shared'],
    async run({ store, peer }) {
      const both = [documentsOf(store), documentsOf(await peer())];
      const written = await Promise.all(
        both.map((documents, n) => documents.put('lease', 'a', { value: { n } }, NEW)),
      );
      const winner = written.findIndex((revision) => revision !== undefined);
      assert.equal(written.filter((revision) => revision !== undefined).length, 1);
      for (const documents of both)
        assert.deepEqual(await documents.get('lease', 'a'), {
          key: 'a',
          value: { n: winner },
          revision: written[winner],
        });
    },
  },
];
