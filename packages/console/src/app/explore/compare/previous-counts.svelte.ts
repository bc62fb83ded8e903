import type { ApiClient } from '../../api/client';
import { isAbort } from '../../api/problem';
import type { Histogram } from '../../api/types';
import type { UrlState } from '../../route/url-state';
import { scopeOf } from '../scope';
import { previousPeriod, type PreviousPeriod } from './previous';

/** The counts of the period before that of the histogram. */
export interface Previous extends PreviousPeriod {
  readonly histogram: Histogram;
  /** Identifies the search, see `keyOf`. */
  readonly key: string;
}

/** Loads the counts of the previous period. */
export class PreviousCounts {
  #current = $state.raw<Previous | undefined>();
  #error = $state.raw<unknown>();
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** Absent until they are loaded, and if the range has no previous period. */
  get current(): Previous | undefined {
    return this.#current;
  }
  get error(): unknown {
    return this.#error;
  }

  /** Loads the counts of the period before that of a search. Returns a function that cancels the request. */
  load(state: Pick<UrlState, 'query' | 'range'>, buckets: number): () => void {
    const abort = new AbortController();
    void this.#load(state, buckets, abort.signal);
    return () => abort.abort();
  }

  async #load(state: Pick<UrlState, 'query' | 'range'>, buckets: number, signal: AbortSignal): Promise<void> {
    const period = previousPeriod(state.range, Date.now());
    const request = { filter: state.query.trim(), ...period?.parameters, buckets, freshMs: 0 };
    this.#error = undefined;
    try {
      const histogram = period && (await this.#client.histogram(request, signal));
      this.#current = histogram && { ...period, histogram, key: keyOf(state) };
    } catch (error) {
      if (isAbort(error)) return;
      this.#current = undefined;
      this.#error = error;
    }
  }
}

/** Returns a key of a search, by which the counts of an earlier search are ignored. */
export function keyOf(state: Pick<UrlState, 'query' | 'range'>): string {
  return JSON.stringify(scopeOf(state));
}
