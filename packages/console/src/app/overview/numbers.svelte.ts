import type { ApiClient } from '../api/client';
import { isAbort } from '../api/problem';
import type { Facet, Histogram, Scope } from '../api/types';
import { addTerm } from '../query/edit';
import { groupEvents, type EventGroup } from './error-groups';

const MAX_SOURCES = 20;
/** Number of the newest errors that are grouped. */
export const NEWEST_ERRORS = 200;
const REFRESH_MS = 5_000;
/** Maximum share of the time that requests take, so that the page does not overload a slow server. */
const MAX_LOAD = 0.25;

/** Numbers of one search, which are refreshed while the page is visible. */
export class Numbers {
  #histogram = $state.raw<Histogram | undefined>();
  #sources = $state.raw<Facet | undefined>();
  #errorSources = $state.raw<Facet | undefined>();
  #errors = $state.raw<readonly EventGroup[] | undefined>();
  #error = $state.raw<unknown>();
  #loadedAt = $state<number | undefined>();
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  get histogram(): Histogram | undefined {
    return this.#histogram;
  }
  get sources(): Facet | undefined {
    return this.#sources;
  }
  get errorSources(): Facet | undefined {
    return this.#errorSources;
  }
  get errors(): readonly EventGroup[] | undefined {
    return this.#errors;
  }
  get error(): unknown {
    return this.#error;
  }
  /** When the numbers were loaded, in milliseconds since the epoch. */
  get loadedAt(): number | undefined {
    return this.#loadedAt;
  }

  /** Loads the numbers of a search until the returned function is called. */
  follow(scope: Scope, buckets: () => number): () => void {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async (): Promise<void> => {
      const start = performance.now();
      if (document.visibilityState === 'visible') await this.#load(scope, buckets(), abort.signal);
      const wait = Math.max(REFRESH_MS, (performance.now() - start) / MAX_LOAD);
      if (!abort.signal.aborted) timer = setTimeout(() => void run(), wait);
    };
    void run();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }

  /** Requests follow each other: the server counts once for the rest of the page. */
  async #load(scope: Scope, buckets: number, signal: AbortSignal): Promise<void> {
    const errorScope = { ...scope, filter: addTerm(scope.filter, 'level:ERROR') };
    const fields = { fields: ['source'], limit: MAX_SOURCES };
    try {
      this.#histogram = await this.#client.histogram({ ...scope, buckets }, signal);
      const page = await this.#client.events({ ...errorScope, limit: NEWEST_ERRORS, freshMs: 0 }, signal);
      this.#errors = groupEvents(page.events);
      this.#sources = (await this.#client.facets({ ...scope, ...fields }, signal)).facets[0];
      this.#errorSources = (await this.#client.facets({ ...errorScope, ...fields }, signal)).facets[0];
      this.#error = undefined;
      this.#loadedAt = Date.now();
    } catch (error) {
      if (!isAbort(error)) this.#error = error;
    }
  }
}
