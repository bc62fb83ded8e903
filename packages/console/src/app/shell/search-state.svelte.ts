import type { Facet } from '../api/types';
import type { LiveControl } from '../live/live-control';

/** State that the page with the results shares with the top bar and the status bar. */
export class SearchState {
  /** Error of the last search. A wrong filter is shown at its position in the query. */
  error = $state.raw<unknown>();
  /** Whether the page shows the first rows, or why there are none. The rest of the page is loaded then. */
  isReady = $state(false);
  /** Number of loaded events, for the status bar. Absent on pages without rows. */
  loaded = $state<number | undefined>();
  total = $state<number | undefined>();
  /** Whether the total is exact. */
  isExact = $state(true);
  /** Keys of data that were seen, as fields, for suggestions. */
  keys = $state.raw<readonly string[]>([]);
  /** The counted values of fields, for suggestions. */
  facets = $state.raw<readonly Facet[]>([]);
  /** Opens the facets, if the page has any. */
  openFacets = $state.raw<(() => void) | undefined>();
  /** The rows that follow new events. Absent while they do not. */
  live = $state.raw<LiveControl | undefined>();
  #refreshes = $state(0);

  /** Increases when the same search is repeated. */
  get refreshes(): number {
    return this.#refreshes;
  }

  refresh(): void {
    this.#refreshes++;
  }
}
