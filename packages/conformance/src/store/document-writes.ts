import assert from 'node:assert/strict';
import { MAX_BLOB_BYTES, MAX_WRITE_BYTES, MAX_WRITE_CHANGES } from '@vigilant/core';
import type { DocumentChange, DocumentPut, DocumentStore } from '@vigilant/core';
import { documentsOf, put } from './documents';
import type { StoreCase } from './fixture';

/** Creates a change that creates a document. */
function creation(kind: string, key: string, n = 0): DocumentPut {
  return { kind, key, content: { value: { n } }, revision: null };
}

/** Reads the values of some documents. */
async function valuesOf(documents: DocumentStore, kind: string, keys: readonly string[]): Promise<unknown[]> {
  return Promise.all(keys.map(async (key) => (await documents.get(kind, key))?.value['n']));
}

/** Writes of several documents. */
export const documentWriteCases: readonly StoreCase[] = [
  {
    id: 'store/documents/write-together',
    behaviour: 'creates, replaces and deletes documents of several kinds in one write',
    needs: ['documents'],
    async run({ store }) {
      const documents = documentsOf(store);
      const blob = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
      const replaced = await put(documents, 'view', 'a', { n: 1 });
      const deleted = await put(documents, 'rule', 'a', { n: 0 });
      const isWritten = await documents.write([
        { kind: 'view', key: 'a', content: { value: { n: 2 }, blob }, revision: replaced },
        { kind: 'rule', key: 'a', revision: deleted },
        creation('view', 'b', 3),
      ]);
      assert.equal(isWritten, true);
      const [a, b] = [await documents.get('view', 'a'), await documents.get('view', 'b')];
      assert.deepEqual([a?.value, b?.value], [{ n: 2 }, { n: 3 }]);
      assert.ok(Buffer.from(a?.blob ?? []).equals(blob), 'The blob changed.');
      assert.equal(b?.blob, undefined);
      assert.equal(await documents.get('rule', 'a'), undefined);
      assert.deepEqual([await documents.count('view'), await documents.count('rule')], [2, 0]);
      assert.equal(new Set([replaced, deleted, a?.revision, b?.revision]).size, 4, 'A revision was reused.');
      assert.equal(await documents.delete('view', 'b', { revision: b?.revision as string }), true);
      assert.equal(await documents.write([]), true);
    },
  },
  {
    id: 'store/documents/write-nothing',
    behaviour: 'writes none of the changes if one revision differs',
    needs: ['documents'],
    async run({ store }) {
      const documents = documentsOf(store);
      const old = await put(documents, 'view', 'a', { n: 1 });
      const current = await put(documents, 'view', 'a', { n: 2 }, old);
      const other = await put(documents, 'view', 'b', { n: 1 });
      const gone = await put(documents, 'view', 'gone', { n: 1 });
      await documents.delete('view', 'gone', { revision: gone });
      const content = { value: { n: 9 } };
      const stale: readonly DocumentChange[] = [
        creation('view', 'a', 9),
        { kind: 'view', key: 'a', content, revision: old },
        { kind: 'view', key: 'a', content, revision: 'none' },
        { kind: 'view', key: 'a', revision: old },
        { kind: 'view', key: 'gone', content, revision: gone },
        { kind: 'view', key: 'gone', revision: gone },
      ];
      for (const change of stale) {
        const before = creation('key', 'new', 9);
        const after: DocumentChange = { kind: 'view', key: 'b', revision: other };
        assert.equal(await documents.write([before, change, after]), false);
        assert.deepEqual(await valuesOf(documents, 'view', ['a', 'b', 'gone']), [2, 1, undefined]);
        assert.equal(await documents.get('key', 'new'), undefined);
      }
      assert.equal((await documents.get('view', 'a'))?.revision, current);
    },
  },
  {
    id: 'store/documents/write-at-once',
    behaviour: 'accepts exactly one of several concurrent writes to the same documents',
    needs: ['documents'],
    async run({ store }) {
      const documents = documentsOf(store);
      const keys = ['a', 'b', 'c'];
      const written = await Promise.all(
        Array.from({ length: 10 }, (_, n) => {
          const turned = [...keys.slice(n % 3), ...keys.slice(0, n % 3)];
          return documents.write(turned.map((key) => creation('lease', key, n)));
        }),
      );
      assert.equal(written.filter((isWritten) => isWritten).length, 1);
      const winner = written.indexOf(true);
      assert.deepEqual(await valuesOf(documents, 'lease', keys), [winner, winner, winner]);
    },
  },
  {
    id: 'store/documents/write-shared',
    behaviour: 'accepts exactly one write when several processes write the same documents',
    needs: ['documents', 'shared'],
    async run({ store, peer }) {
      const both = [documentsOf(store), documentsOf(await peer())];
      for (let round = 0; round < 5; round += 1) {
        const keys = Array.from({ length: 20 }, (_, n) => `${round}/${n}`);
        const written = await Promise.all(
          both.map((documents, n) =>
            documents.write((n === 0 ? keys : keys.toReversed()).map((key) => creation('lease', key, n))),
          ),
        );
        assert.equal(written.filter((isWritten) => isWritten).length, 1);
        for (const documents of both)
          assert.deepEqual(
            await valuesOf(documents, 'lease', keys),
            keys.map(() => written.indexOf(true)),
          );
      }
    },
  },
  {
    id: 'store/documents/write-bounds',
    behaviour: 'accepts writes up to the limits and rejects larger ones and duplicate documents',
    needs: ['documents'],
    async run({ store }) {
      const documents = documentsOf(store);
      const many = Array.from({ length: MAX_WRITE_CHANGES }, (_, n) => creation('many', `${n}`, n));
      const valueBytes = Buffer.byteLength(JSON.stringify({ n: 0 }));
      const large = (blobBytes: number): readonly DocumentChange[] =>
        [MAX_BLOB_BYTES, blobBytes].map((bytes, n) => {
          const change = creation('large', `${n}`);
          return { ...change, content: { ...change.content, blob: new Uint8Array(bytes).fill(n + 1) } };
        });
      const largest = MAX_WRITE_BYTES - MAX_BLOB_BYTES - 2 * valueBytes;
      const rejected = [
        [...many, creation('many', 'more')],
        large(largest + 1),
        [...many.slice(1, 3), ...many.slice(1, 2)],
      ];
      for (const changes of rejected)
        await assert.rejects(async () => documents.write(changes), { code: 'VIGILANT_QUERY_INVALID' });
      assert.deepEqual([await documents.count('many'), await documents.count('large')], [0, 0]);
      assert.equal(await documents.write(many), true);
      assert.equal(await documents.count('many'), MAX_WRITE_CHANGES);
      assert.equal(await documents.write(large(largest)), true);
      const blob = (await documents.get('large', '1'))?.blob;
      assert.ok(Buffer.from(blob ?? []).equals(new Uint8Array(largest).fill(2)), 'The blob changed.');
    },
  },
];
