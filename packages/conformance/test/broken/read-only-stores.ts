import type { EventPage, Store } from '@vigilant/core';
import type { BrokenStore } from './broken-store';

/** Read-only stores that break one guarantee. */
export const BROKEN_READ_ONLY_STORES: readonly BrokenStore[] = [
  {
    name: 'does not declare that it is read-only',
    change: ({ capabilities }) => ({ capabilities: { ...capabilities, readOnly: false } }),
    fails: ['store/read-only/declared'],
  },
  {
    name: 'ignores appended events without an error',
    change: () => ({
      append: async (batch) => ({ inserted: batch.length, duplicates: 0, conflicts: [] }),
    }),
    fails: ['store/read-only/rejects-writes'],
  },
  {
    name: 'accepts an empty batch',
    change: (store) => ({
      append: async (batch) =>
        batch.length === 0 ? { inserted: 0, duplicates: 0, conflicts: [] } : store.append(batch),
    }),
    fails: ['store/read-only/rejects-writes'],
  },
  {
    name: 'ignores the deletion of documents without an error',
    change: ({ documents }) => (documents ? { documents: { ...documents, delete: async () => true } } : {}),
    fails: ['store/read-only/rejects-writes'],
  },
  {
    name: 'has no documents although the writer has',
    change: ({ documents }) =>
      documents ? { documents: { ...documents, get: async () => undefined, count: async () => 0 } } : {},
    fails: ['store/read-only/reads'],
  },
  {
    name: 'shows only what was committed when it was first read',
    change: withFirstPage,
    fails: ['store/read-only/later-commits'],
  },
];

/** Answers every query with the page of the first. */
function withFirstPage(store: Store): Partial<Store> {
  let first: Promise<EventPage> | undefined;
  return { query: (query) => (first ??= store.query(query)) };
}
