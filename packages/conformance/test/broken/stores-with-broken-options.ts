import type { Event, Facets, Histogram } from '@vigilant/core';
import { widenFilter } from '@vigilant/core/adapter';
import type { BrokenStore } from './broken-store';
import { WHOLE } from './broken-store';

const NOTHING = { deleted: 0, complete: true };

function ignoreInvalid(error: { readonly code?: string }): typeof NOTHING {
  if (error.code === 'VIGILANT_QUERY_INVALID') return NOTHING;
  throw error;
}

/** Changes each line. */
const changeLines =
  (change: (line: string) => string): BrokenStore['change'] =>
  (store) => ({
    async queryLines(query) {
      const page = await store.queryLines?.(query);
      if (page === undefined) return undefined;
      return { ...page, chunks: page.chunks.map((chunk) => Buffer.from(change(String(chunk)))) };
    },
  });

const escapeCharacter = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Stores with broken optional methods. */
export const STORES_WITH_BROKEN_OPTIONS: readonly BrokenStore[] = [
  {
    name: 'returns the lines of another order',
    change: (store) => ({
      queryLines: async (query) => store.queryLines?.({ ...query, order: 'arrival' }),
    }),
    fails: ['store/query-lines/agrees'],
  },
  {
    name: 'writes lines with escaped characters that JSON does not need to escape',
    change: changeLines((line) => line.replaceAll(/[\u0080-\uffff]/g, escapeCharacter)),
    fails: ['store/query-lines/every-event', 'store/query-lines/agrees'],
  },
  {
    name: 'ends lines with a carriage return',
    change: changeLines((line) => line.replace('\n', '\r\n')),
    fails: ['store/query-lines/every-event', 'store/query-lines/agrees', 'store/query-lines/max-bytes'],
  },
  {
    name: 'ignores maxBytes of lines',
    change: (store) => ({
      queryLines: async (query) => store.queryLines?.({ ...query, maxBytes: 2 ** 40 }),
    }),
    fails: ['store/query-lines/max-bytes'],
  },
  {
    name: 'returns lines for a filter that it does not know',
    change: (store) => ({
      queryLines: async (query) => store.queryLines?.({ ...query, filter: widenFilter(query.filter).filter }),
    }),
    fails: ['store/query-lines/unknown-filter'],
  },
  {
    name: 'ignores the signal of lines',
    change: (store) => ({
      queryLines: async ({ signal: _, ...query }) => store.queryLines?.(query),
    }),
    fails: ['store/query-lines/signal'],
  },
  {
    name: 'counts events at the end of a histogram',
    change: (store) => ({
      histogram: async (query) => (await store.histogram?.({ ...query, until: query.until + 1 })) as never,
    }),
    fails: ['store/histogram/agrees'],
  },
  {
    name: 'keeps the first values of a histogram instead of the most frequent',
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
    name: 'ignores the filter of facets',
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
    name: 'ignores maxBytes of a policy',
    change: (store) => ({
      prune: async ({ maxBytes: _, ...policy }) => (await store.prune?.(policy)) ?? NOTHING,
    }),
    fails: ['store/prune/max-bytes', 'store/prune/invalid-policy'],
  },
  {
    name: 'counts documents towards maxBytes of a policy',
    change: (store) => ({
      prune: async ({ maxBytes = Infinity, ...policy }) => {
        const documents = (await store.documents?.get('view', 'large'))?.blob?.byteLength ?? 0;
        return (await store.prune?.({ ...policy, maxBytes: maxBytes - documents })) ?? NOTHING;
      },
    }),
    fails: ['store/prune/max-bytes'],
  },
  {
    name: 'ignores an invalid policy',
    change: (store) => ({
      prune: async (policy) => (await store.prune?.(policy).catch(ignoreInvalid)) ?? NOTHING,
    }),
    fails: ['store/prune/invalid-policy'],
  },
  {
    name: 'continues to prune after its signal is aborted',
    change: (store) => ({
      prune: async ({ signal: _, ...policy }) => (await store.prune?.(policy)) ?? NOTHING,
    }),
    fails: ['store/prune/signal'],
  },
  {
    name: 'prunes by timestamp instead of receivedAt',
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
      'store/prune/invalid-policy',
    ],
  },
  {
    name: 'ignores receivedBeforeByLevel',
    change: (store) => ({
      prune: async ({ receivedBeforeByLevel: _, ...policy }) => (await store.prune?.(policy)) ?? NOTHING,
    }),
    fails: ['store/prune/policy', 'store/prune/behind-kept', 'store/prune/invalid-policy'],
  },
  {
    name: 'keeps one event more than maxEvents',
    change: (store) => ({
      prune: async ({ maxEvents = Infinity, ...policy }) =>
        (await store.prune?.({ ...policy, maxEvents: maxEvents + 1 })) ?? NOTHING,
    }),
    fails: [
      'store/large/prune',
      'store/prune/max-events',
      'store/prune/signal-midway',
      'store/prune/combined',
      'store/prune/pruned-through',
    ],
  },
  {
    name: 'does not report prunedThrough',
    change: (store) => ({ status: async () => ({ ...(await store.status()), prunedThrough: 0 }) }),
    fails: ['store/prune/pruned-through'],
  },
  {
    name: 'backs up fewer events than it reports',
    change: (store) => ({
      async backup(target) {
        const result = await store.backup?.(target);
        return { events: (result?.events ?? 0) + 1, bytes: 1 };
      },
    }),
    fails: ['store/backup/complete'],
  },
];
