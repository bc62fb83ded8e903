import type { ApiClient } from '../api/client';
import { isAbort } from '../api/problem';
import type { EventsPage, Facet, Histogram, Scope } from '../api/types';
import { loadFacets } from './facets/load-facets';
import { EventList } from './rows/event-list';

/** State of the rows. `stopped` keeps what has arrived; `loadMore` continues. */
export type RowsState = 'loading' | 'paging' | 'idle' | 'stopped' | 'failed';

const FIRST_PAGE = 200;
const NEXT_PAGE = 1_000;
/** The counts start with the first rows, or after this time if the rows are slow. */
const COUNTS_DELAY_MS = 600;

/** Requests of one search: the rows first, then their counts. A new search cancels the one before. */
export class Results {
  readonly list = new EventList(() => this.#version++);
  /** Increases at each change of the list, which is not reactive itself. */
  #version = $state(0);
  #rows = $state<RowsState>('loading');
  #error = $state.raw<unknown>();
  #hasMore = $state(false);
  #page = $state.raw<EventsPage | undefined>();
  #histogram = $state.raw<Histogram | undefined>();
  #facets = $state.raw<readonly Facet[] | undefined>();
  #countsError = $state.raw<unknown>();
  /** Whether the counts are those of an earlier search. */
  #isCounting = $state(true);
  readonly #client: ApiClient;
  #scope: Scope = { filter: '' };
  #buckets = 120;
  #fields: readonly string[] = [];
  #cursor: string | undefined;
  #search = new AbortController();
  #paging: AbortController | undefined;
  #counting = new AbortController();

  constructor(client: ApiClient) {
    this.#client = client;
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
  get hasMore(): boolean {
    return this.#hasMore;
  }
  /** First page of the rows, once it has arrived: its cursor of the tail, freshness and events beyond the range. */
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
   * Starts a search. The rows of the one before stay until the first new ones arrive.
   *
   * @param fields - Fields whose values are counted.
   */
  search(scope: Scope, fields: readonly string[]): void {
    this.cancel();
    const { signal } = (this.#search = new AbortController());
    this.#scope = scope;
    this.#fields = fields;
    this.#cursor = undefined;
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

  /** Whether the search goes on because its first page had no row. */
  get isContinuing(): boolean {
    return this.#rows === 'loading' && this.#page !== undefined;
  }

  /** Ends the loading of further rows. */
  stop(): void {
    this.#paging?.abort();
    if (this.#rows === 'paging' || this.isContinuing) this.#rows = 'stopped';
  }

  /** Loads the next older rows, unless a request for them is running. */
  async loadMore(): Promise<void> {
    const isBusy = this.#rows === 'loading' || this.#rows === 'paging' || this.#rows === 'failed';
    if (isBusy || !this.#hasMore || this.list.isFull) return;
    if (this.list.length === 0) return this.#continue();
    this.#rows = 'paging';
    await this.#loadPage(NEXT_PAGE, this.#startPaging());
  }

  #startPaging(): AbortSignal {
    this.#paging = new AbortController();
    return AbortSignal.any([this.#search.signal, this.#paging.signal]);
  }

  async #loadFirst(signal: AbortSignal): Promise<void> {
    try {
      const page = await this.#client.events({ ...this.#scope, limit: FIRST_PAGE }, signal);
      this.list.replace(page.events);
      this.#page = page;
      this.#take(page);
      if (page.events.length === 0) await this.#continue();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Searches until there is a row. A page without one only means that the search needs more time. */
  async #continue(): Promise<void> {
    const signal = this.#startPaging();
    if (this.#hasMore) this.#rows = 'loading';
    while (this.list.length === 0 && this.#hasMore && !signal.aborted)
      await this.#loadPage(FIRST_PAGE, signal);
  }

  async #loadPage(limit: number, signal: AbortSignal): Promise<void> {
    try {
      const page = await this.#client.events(
        { ...this.#scope, limit, cursor: this.#cursor, freshMs: 0 },
        signal,
      );
      this.list.append(page.events);
      this.#take(page);
    } catch (error) {
      this.#fail(error);
    }
  }

  #take(page: EventsPage): void {
    this.#cursor = page.nextCursor;
    this.#hasMore = page.nextCursor !== undefined;
    // There is no "empty" state before the search is over.
    this.#rows = this.list.length === 0 && this.#hasMore ? 'loading' : 'idle';
  }

  #fail(error: unknown): void {
    if (isAbort(error)) return;
    this.#error = error;
    this.#rows = 'failed';
    if (this.list.length > 0 && this.#cursor !== undefined) return;
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
    const histogram = this.#client.histogram({ ...scope, buckets: this.#buckets }, signal).then((result) => {
      this.#histogram = result;
    });
    const facets = loadFacets(this.#client, scope, this.#fields, signal).then((result) => {
      this.#facets = result;
    });
    const results = await Promise.allSettled([histogram, facets]);
    const failed = results.find((result) => result.status === 'rejected' && !isAbort(result.reason));
    if (signal.aborted) return;
    this.#isCounting = false;
    if (failed?.status === 'rejected') this.#countsError = failed.reason;
  }
}
