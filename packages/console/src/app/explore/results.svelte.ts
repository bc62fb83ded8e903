import type { ApiClient } from '../api/client';
import { isAbort } from '../api/problem';
import type { EventsPage, Facet, Histogram, Scope } from '../api/types';
import { loadFacets } from './facets/load-facets';
import { EventList } from './rows/event-list';

/** State of the rows. `stopped` keeps the loaded rows; `loadMore` continues. */
export type RowsState = 'loading' | 'paging' | 'idle' | 'stopped' | 'failed';

const FIRST_PAGE = 200;
const NEXT_PAGE = 1_000;
/** Time after which the histogram shows partial counts, in milliseconds. */
const FIRST_COUNTS_MS = 100;
/** The counts start with the first rows, or after this time if the rows are slow. */
const COUNTS_DELAY_MS = 600;

/** Requests of one search: the rows first, then their counts. A new search cancels the previous one. */
export class Results {
  readonly list: EventList;
  /** Increases at each change of the list, which is not reactive itself. */
  #version = $state(0);
  #rows = $state<RowsState>('loading');
  #error = $state.raw<unknown>();
  #hasMore = $state(false);
  #page = $state.raw<EventsPage | undefined>();
  #histogram = $state.raw<Histogram | undefined>();
  #facets = $state.raw<readonly Facet[] | undefined>();
  #countsError = $state.raw<unknown>();
  /** Whether the counts are those of an earlier search, or only a first part. */
  #isCounting = $state(true);
  readonly #client: ApiClient;
  #scope: Scope = { filter: '' };
  #buckets = 120;
  #fields: readonly string[] = [];
  #cursor: string | undefined;
  /** Replaces the end of the scope after rows were evicted at the end of the list. */
  #until: string | undefined;
  #search = new AbortController();
  #paging: AbortController | undefined;
  #counting = new AbortController();

  /** @param maxRows - Maximum number of rows in memory. */
  constructor(client: ApiClient, maxRows?: number) {
    this.#client = client;
    this.list = new EventList(() => this.#version++, maxRows);
  }

  get version(): number {
    return this.#version;
  }
  get rows(): RowsState {
    return this.#rows;
  }
  /** Why the rows could not be loaded. */
  get error(): unknown {
    return this.#error;
  }
  /** Whether there are rows after the last one, perhaps some that were evicted. */
  get hasMore(): boolean {
    void this.#version;
    return this.#hasMore || this.list.evictedUntil !== undefined;
  }
  /** First page of the rows, once it has arrived. It has the tail cursor, the freshness and the events beyond the range. */
  get page(): EventsPage | undefined {
    return this.#page;
  }
  get histogram(): Histogram | undefined {
    return this.#histogram;
  }
  get facets(): readonly Facet[] | undefined {
    return this.#facets;
  }
  get isCounting(): boolean {
    return this.#isCounting;
  }
  get countsError(): unknown {
    return this.#countsError;
  }

  /** Number of buckets that the histogram has room for. Applies to the next search. */
  set buckets(count: number) {
    this.#buckets = count;
  }

  /**
   * Starts a search. The previous rows remain until the first new ones arrive.
   *
   * @param fields - Fields whose values are counted.
   */
  search(scope: Scope, fields: readonly string[]): void {
    this.cancel();
    const { signal } = (this.#search = new AbortController());
    this.#scope = scope;
    this.#fields = fields;
    this.#cursor = this.#until = undefined;
    this.#page = undefined;
    this.#error = undefined;
    this.#countsError = undefined;
    this.#isCounting = true;
    this.#rows = 'loading';
    const first = this.#loadFirst(signal);
    const delay = new Promise((resolve) => setTimeout(resolve, COUNTS_DELAY_MS));
    void Promise.race([first, delay]).then(() => this.#loadCounts(signal));
  }

  /** Cancels all requests. */
  cancel(): void {
    this.#search.abort();
    this.#paging?.abort();
    this.#counting.abort();
  }

  /** Counts the events of the same search again. */
  refreshCounts(): Promise<void> {
    return this.#loadCounts(this.#search.signal);
  }

  /** Whether the search continues because its first page had no row. */
  get isContinuing(): boolean {
    return this.#rows === 'loading' && this.#page !== undefined;
  }

  /** Stops loading further rows. */
  stop(): void {
    this.#paging?.abort();
    if (this.#rows === 'paging' || this.isContinuing) this.#rows = 'stopped';
  }

  /** Loads the next older rows, unless a request for them is running. */
  async loadMore(): Promise<void> {
    const isBusy = this.#rows === 'loading' || this.#rows === 'paging' || this.#rows === 'failed';
    if (isBusy || !this.hasMore) return;
    this.#returnToEvicted();
    if (this.list.length === 0) await this.#loadPages('loading', FIRST_PAGE);
    else await this.#loadPages('paging', NEXT_PAGE);
  }

  /** Continues with the newest of the rows that were evicted at the end. */
  #returnToEvicted(): void {
    const until = this.list.takeEvictedUntil();
    if (until === undefined) return;
    const end = this.#scope.until === undefined ? Infinity : Date.parse(this.#scope.until);
    this.#until = new Date(Math.min(until, end)).toISOString();
    this.#cursor = undefined;
    this.#hasMore = true;
  }

  async #loadFirst(signal: AbortSignal): Promise<void> {
    try {
      const page = await this.#client.events({ ...this.#scope, limit: FIRST_PAGE }, signal);
      this.list.replace(page.events);
      this.#page = page;
      this.#take(page);
      if (page.events.length === 0 && this.#hasMore) await this.#loadPages('loading', FIRST_PAGE);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Loads pages until one adds a row: the server may need more time to find one, or all rows of a page are known. */
  async #loadPages(state: RowsState, limit: number): Promise<void> {
    this.#paging = new AbortController();
    const signal = AbortSignal.any([this.#search.signal, this.#paging.signal]);
    do this.#rows = state;
    while (!(await this.#loadPage(limit, signal)) && this.#hasMore);
  }

  /** Returns whether the page added a row, or could not be loaded. */
  async #loadPage(limit: number, signal: AbortSignal): Promise<boolean> {
    const scope = { ...this.#scope, until: this.#until ?? this.#scope.until };
    const freshness = this.#cursor === undefined ? {} : { freshMs: 0 };
    try {
      const page = await this.#client.events({ ...scope, limit, cursor: this.#cursor, ...freshness }, signal);
      const added = this.list.append(page.events);
      this.#take(page);
      return added > 0;
    } catch (error) {
      this.#fail(error);
      return true;
    }
  }

  #take(page: EventsPage): void {
    this.#cursor = page.nextCursor;
    this.#hasMore = page.nextCursor !== undefined;
    // The list does not count as empty before the search is over.
    this.#rows = this.list.length === 0 && this.#hasMore ? 'loading' : 'idle';
  }

  #fail(error: unknown): void {
    if (isAbort(error)) return;
    this.#error = error;
    this.#rows = 'failed';
    if (this.list.length > 0 && this.#page !== undefined) return;
    // No rows or counts of an earlier search remain beside the error. The values of the facets stay selectable.
    this.list.replace([]);
    this.#histogram = undefined;
    this.#countsError = error;
    this.#isCounting = false;
  }

  /**
   * Loads the counts, and cancels the requests for earlier ones. They do not wait for each other, and one that fails does
   * not affect the rows.
   */
  async #loadCounts(search: AbortSignal): Promise<void> {
    if (search.aborted || this.#rows === 'failed') return;
    this.#counting.abort();
    const { signal } = (this.#counting = new AbortController());
    const scope = { ...this.#scope, freshMs: 0 };
    const histogram = this.#loadHistogram(scope, signal);
    const facets = loadFacets(this.#client, scope, this.#fields, signal).then((result) => {
      this.#facets = result;
    });
    const results = await Promise.allSettled([histogram, facets]);
    const failed = results.find((result) => result.status === 'rejected' && !isAbort(result.reason));
    if (signal.aborted) return;
    this.#isCounting = false;
    this.#countsError = failed?.status === 'rejected' ? failed.reason : undefined;
  }

  /** Loads the histogram. The first request of a search returns partial counts early. */
  async #loadHistogram(scope: Scope, signal: AbortSignal): Promise<void> {
    const query = { ...scope, buckets: this.#buckets };
    if (this.#isCounting) {
      const first = await this.#client
        .histogram({ ...query, deadlineMs: FIRST_COUNTS_MS }, signal)
        .catch(() => undefined);
      signal.throwIfAborted();
      // Without buckets, even the range of the events is not known yet.
      if (first?.complete === true || (first?.buckets.length ?? 0) > 0) this.#histogram = first;
      if (first?.complete === true) return;
    }
    this.#histogram = await this.#client.histogram(query, signal);
  }
}
