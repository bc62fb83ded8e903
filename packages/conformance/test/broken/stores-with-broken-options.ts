import type { Document, DocumentStore, Event, Facets, Histogram, Store } from '@vigilant/core';
import type { BrokenStore } from './broken-store';
import { WHOLE } from './broken-store';

const NOTHING = { deleted: 0, complete: true };

/** Changes the documents of a store. */
const changeDocuments =
  (change: (documents: DocumentStore) => Partial<DocumentStore>) =>
  ({ documents }: Store): Partial<Store> =>
    documents === undefined ? {} : { documents: { ...documents, ...change(documents) } };

const hash = (document: Document | undefined): string => JSON.stringify(document?.value);
const withHash = (document: Document | undefined): Document | undefined =>
  document && { ...document, revision: hash(document) };

/** Stores whose optional methods break a promise. */
export const STORES_WITH_BROKEN_OPTIONS: readonly BrokenStore[] = [
  {
    name: 'counts the end of a histogram in',
    change: (store) => ({
      histogram: async (query) => (await store.histogram?.({ ...query, until: query.until + 1 })) as never,
    }),
    fails: ['store/histogram/agrees'],
  },
  {
    name: 'keeps the first values of a histogram',
    change: (store) => ({
      async histogram(query) {
        const histogram = (await store.histogram?.({ ...query, limit: 1_000 })) as Histogram;
        const cut = histogram.buckets.map(({ start, counts }) => {
          const entries = Object.entries(counts);
          const other = entries.slice(query.limit).reduce((sum, [, count]) => sum + count, 0);
          const kept = Object.fromEntries(entries.slice(0, query.limit));
          return other > 0 ? { start, counts: kept, other } : { start, counts: kept };
        });
        return { ...histogram, buckets: cut };
      },
    }),
    fails: ['store/histogram/limit'],
  },
  {
    name: 'counts facets without the filter',
    change: (store) => ({
      facets: async (query) => (await store.facets?.({ ...query, filter: { kind: 'all' } })) as never,
    }),
    fails: ['store/facets/agrees'],
  },
  {
    name: 'trims the values of facets',
    change: (store) => ({
      async facets(query) {
        const answer = (await store.facets?.(query)) as Facets;
        const trim = ({ value, count }: { value: string; count: number }) => ({ value: value.trim(), count });
        return {
          ...answer,
          facets: answer.facets.map((facet) => ({ ...facet, values: facet.values.map(trim) })),
        };
      },
    }),
    fails: ['store/facets/odd-values'],
  },
  {
    name: 'ignores the size when it prunes',
    change: (store) => ({
      prune: async ({ maxBytes: _, ...policy }) => (await store.prune?.(policy)) ?? NOTHING,
    }),
    fails: ['store/prune/max-bytes'],
  },
  {
    name: 'counts documents when it prunes',
    change: (store) => ({
      prune: async ({ maxBytes = Infinity, ...policy }) => {
        const documents = (await store.documents?.get('view', 'large'))?.blob?.byteLength ?? 0;
        return (await store.prune?.({ ...policy, maxBytes: maxBytes - documents })) ?? NOTHING;
      },
    }),
    fails: ['store/prune/max-bytes'],
  },
  {
    name: 'prunes after the signal',
    change: (store) => ({
      prune: async ({ signal: _, ...policy }) => (await store.prune?.(policy)) ?? NOTHING,
    }),
    fails: ['store/prune/signal'],
  },
  {
    name: 'prunes by the time of the event',
    change: (store) => ({
      async prune({ receivedBefore = -Infinity, ...policy }) {
        const { events } = await store.query(WHOLE);
        const isOld = ({ timestamp }: Event): boolean => timestamp < receivedBefore;
        return (
          (await store.prune?.({ ...policy, receivedBefore: events.some(isOld) ? Infinity : 0 })) ?? NOTHING
        );
      },
    }),
    fails: [
      'store/append/sequence-after-prune',
      'store/append/sequence-after-reopen',
      'store/paging/pruned-position',
      'store/prune/policy',
      'store/prune/behind-kept',
      'store/prune/combined',
    ],
  },
  {
    name: 'prunes all levels alike',
    change: (store) => ({
      prune: async ({ receivedBeforeByLevel: _, ...policy }) => (await store.prune?.(policy)) ?? NOTHING,
    }),
    fails: ['store/prune/policy', 'store/prune/behind-kept'],
  },
  {
    name: 'keeps one event too many',
    change: (store) => ({
      prune: async ({ maxEvents = Infinity, ...policy }) =>
        (await store.prune?.({ ...policy, maxEvents: maxEvents + 1 })) ?? NOTHING,
    }),
    fails: ['store/prune/max-events', 'store/prune/combined', 'store/prune/pruned-through'],
  },
  {
    name: 'forgets up to where it pruned',
    change: (store) => ({ status: async () => ({ ...(await store.status()), prunedThrough: 0 }) }),
    fails: ['store/prune/pruned-through'],
  },
  {
    name: 'writes documents whatever their revision is',
    change: changeDocuments((documents) => ({
      async put(kind, key, content) {
        const found = await documents.get(kind, key);
        return documents.put(kind, key, content, { revision: found?.revision ?? null });
      },
    })),
    fails: ['store/documents/compare-and-set'],
  },
  {
    name: 'lets each be first who asks at the same time',
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
    name: 'makes the revision of the content',
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
      };
    }),
    fails: ['store/documents/revision-never-repeats', 'store/documents/reopen-keeps'],
  },
  {
    name: 'has documents of its own in each process',
    change: changeDocuments((documents) => {
      const own = String(Math.random());
      return {
        get: (kind, key) => documents.get(kind + own, key),
        list: (kind, options) => documents.list(kind + own, options),
        count: (kind) => documents.count(kind + own),
        put: (kind, key, content, options) => documents.put(kind + own, key, content, options),
        delete: (kind, key, options) => documents.delete(kind + own, key, options),
      };
    }),
    fails: ['store/documents/reopen-keeps', 'store/documents/shared'],
  },
  {
    name: 'keeps documents among the events',
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
    name: 'lists all documents at once',
    change: changeDocuments((documents) => ({
      list: (kind, { maxBytes }) =>
        documents.list(kind, { limit: 1_000, ...(maxBytes === undefined ? {} : { maxBytes }) }),
    })),
    fails: ['store/documents/list', 'store/documents/list-bytes'],
  },
  {
    name: 'lists documents whatever their size is',
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
    name: 'leaves blobs out',
    change: changeDocuments((documents) => ({
      put: (kind, key, { value }, options) => documents.put(kind, key, { value }, options),
    })),
    fails: ['store/documents/content'],
  },
  {
    name: 'backs up less than it says',
    change: (store) => ({
      async backup(target) {
        const result = await store.backup?.(target);
        return { events: (result?.events ?? 0) + 1, bytes: 1 };
      },
    }),
    fails: ['store/backup/complete'],
  },
];
