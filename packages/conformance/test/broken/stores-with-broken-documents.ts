import type { Document, DocumentChange, DocumentStore, Store } from '@vigilant/core';
import type { BrokenStore } from './broken-store';

/** Changes the documents of a store. */
const changeDocuments =
  (change: (documents: DocumentStore) => Partial<DocumentStore>) =>
  ({ documents }: Store): Partial<Store> =>
    documents === undefined ? {} : { documents: { ...documents, ...change(documents) } };

const hash = (document: Document | undefined): string => JSON.stringify(document?.value);
const withHash = (document: Document | undefined): Document | undefined =>
  document && { ...document, revision: hash(document) };

/** Stores with broken documents. */
export const STORES_WITH_BROKEN_DOCUMENTS: readonly BrokenStore[] = [
  {
    name: 'ignores the revision of documents',
    change: changeDocuments((documents) => ({
      async put(kind, key, content) {
        const found = await documents.get(kind, key);
        return documents.put(kind, key, content, { revision: found?.revision ?? null });
      },
    })),
    fails: ['store/documents/compare-and-set'],
  },
  {
    name: 'accepts every concurrent writer of a document',
    change: changeDocuments((documents) => ({
      async put(kind, key, content, { revision }) {
        const found = await documents.get(kind, key);
        if ((found?.revision ?? null) !== revision) return undefined;
        await new Promise((resolve) => setTimeout(resolve, 1));
        const now = await documents.get(kind, key);
        return documents.put(kind, key, content, { revision: now?.revision ?? null });
      },
    })),
    fails: ['store/documents/first-wins', 'store/documents/shared'],
  },
  {
    name: 'derives the revision from the content',
    change: changeDocuments((documents) => {
      const toReal = async (kind: string, key: string, revision: string | null): Promise<string | null> => {
        const found = await documents.get(kind, key);
        return revision === null ? null : revision === hash(found) ? (found?.revision ?? '') : 'none';
      };
      return {
        get: async (kind, key) => withHash(await documents.get(kind, key)),
        put: async (kind, key, content, { revision }) =>
          (await documents.put(kind, key, content, { revision: await toReal(kind, key, revision) })) &&
          hash(await documents.get(kind, key)),
        delete: async (kind, key, { revision }) =>
          documents.delete(kind, key, { revision: (await toReal(kind, key, revision)) ?? '' }),
        write: async (changes) =>
          documents.write(
            await Promise.all(
              changes.map(async (change): Promise<DocumentChange> => {
                const revision = await toReal(change.kind, change.key, change.revision);
                return { ...change, revision } as DocumentChange;
              }),
            ),
          ),
      };
    }),
    fails: ['store/documents/revision-never-repeats', 'store/documents/reopen-keeps'],
  },
  {
    name: 'keeps separate documents in each process',
    change: changeDocuments((documents) => {
      const own = String(Math.random());
      return {
        get: (kind, key) => documents.get(kind + own, key),
        list: (kind, options) => documents.list(kind + own, options),
        count: (kind) => documents.count(kind + own),
        put: (kind, key, content, options) => documents.put(kind + own, key, content, options),
        delete: (kind, key, options) => documents.delete(kind + own, key, options),
        write: (changes) =>
          documents.write(changes.map((change) => ({ ...change, kind: change.kind + own }))),
      };
    }),
    fails: [
      'store/documents/reopen-keeps',
      'store/documents/shared',
      'store/documents/write-shared',
      'store/read-only/reads',
    ],
  },
  {
    name: 'stores documents as events',
    change: (store) => ({
      async status() {
        const status = await store.status();
        const found = await store.documents?.get('view', 'a');
        return { ...status, events: status.events + (found === undefined ? 0 : 1) };
      },
    }),
    fails: ['store/documents/apart-from-events'],
  },
  {
    name: 'ignores the limit of a list',
    change: changeDocuments((documents) => ({
      list: (kind, { maxBytes }) =>
        documents.list(kind, { limit: 1_000, ...(maxBytes === undefined ? {} : { maxBytes }) }),
    })),
    fails: ['store/documents/list', 'store/documents/list-bytes'],
  },
  {
    name: 'ignores maxBytes of a list',
    change: changeDocuments((documents) => ({
      list: (kind, { maxBytes: _, ...options }) => documents.list(kind, options),
    })),
    fails: ['store/documents/list-bytes'],
  },
  {
    name: 'counts the documents of all kinds',
    change: changeDocuments((documents) => ({
      count: async (kind) => (await documents.count(kind)) + (await documents.count('other')),
    })),
    fails: ['store/documents/count'],
  },
  {
    name: 'loses blobs',
    change: changeDocuments((documents) => ({
      put: (kind, key, { value }, options) => documents.put(kind, key, { value }, options),
    })),
    fails: ['store/documents/content'],
  },
  {
    name: 'loses blobs in a write of several documents',
    change: changeDocuments((documents) => ({
      write: (changes) =>
        documents.write(
          changes.map((change) =>
            change.content === undefined ? change : { ...change, content: { value: change.content.value } },
          ),
        ),
    })),
    fails: ['store/documents/write-together', 'store/documents/write-bounds'],
  },
  {
    name: 'writes only the changes whose revisions match',
    change: changeDocuments((documents) => ({
      async write(changes) {
        const isWritten = await documents.write(changes);
        if (!isWritten) for (const change of changes) await documents.write([change]);
        return isWritten;
      },
    })),
    fails: ['store/documents/write-nothing'],
  },
  {
    name: 'accepts every concurrent write of several documents',
    change: changeDocuments((documents) => {
      const revisionOf = async ({ kind, key }: DocumentChange): Promise<string | null> =>
        (await documents.get(kind, key))?.revision ?? null;
      return {
        async write(changes) {
          for (const change of changes) if ((await revisionOf(change)) !== change.revision) return false;
          await new Promise((resolve) => setTimeout(resolve, 1));
          const now = await Promise.all(
            changes.map(async (change) => ({ ...change, revision: await revisionOf(change) })),
          );
          return documents.write(now as readonly DocumentChange[]);
        },
      };
    }),
    fails: ['store/documents/write-at-once', 'store/documents/write-shared'],
  },
  {
    name: 'accepts any number of documents in a write',
    change: changeDocuments((documents) => ({
      write: async (changes) =>
        (await documents.write(changes.slice(0, 2_000))) && (await documents.write(changes.slice(2_000))),
    })),
    fails: ['store/documents/write-bounds'],
  },
];
