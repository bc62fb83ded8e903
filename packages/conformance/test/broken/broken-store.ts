import type { EventQuery, Event, Filter, Store, StoredEvent } from '@vigilant/core';

/** A store that breaks one guarantee. */
export interface BrokenStore {
  readonly name: string;
  /**
   * Returns the methods that differ from those of a correct store.
   *
   * `ids` is shared by all stores on the same data.
   */
  readonly change: (store: Store, ids: Set<string>) => Partial<Store>;
  /** Ids of all cases that must fail. */
  readonly fails: readonly string[];
}

export const WHOLE: EventQuery = {
  filter: { kind: 'all' },
  order: 'arrival',
  limit: 10_000,
  maxBytes: 2 ** 40,
};

/** Changes each page of a store. */
export const changePages =
  (change: (events: readonly StoredEvent[], query: EventQuery) => readonly StoredEvent[]) =>
  (store: Store): Partial<Store> => ({
    async query(query) {
      const page = await store.query(query);
      return { ...page, events: change(page.events, query) };
    },
  });

/** Changes each query of a store. */
export const changeQueries =
  (change: (query: EventQuery) => EventQuery) =>
  (store: Store): Partial<Store> => ({ query: (query) => store.query(change(query)) });

/** Changes each leaf of the filters of queries. */
export const changeFilters = (change: (leaf: Filter) => Filter): BrokenStore['change'] =>
  changeQueries((query) => ({ ...query, filter: changeLeaves(query.filter, change) }));

/** Changes each appended event. */
export const changeEvents =
  (change: (event: Event) => Event) =>
  (store: Store): Partial<Store> => ({ append: (batch) => store.append(batch.map(change)) });

function changeLeaves(filter: Filter, change: (leaf: Filter) => Filter): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { ...filter, filters: filter.filters.map((part) => changeLeaves(part, change)) };
    case 'not':
      return { ...filter, filter: changeLeaves(filter.filter, change) };
    default:
      return change(filter);
  }
}
