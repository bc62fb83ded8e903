/** What the page with the results and the top bar tell each other. */
export class SearchState {
  /** Error of the last search. A wrong filter is shown at its position in the query. */
  error = $state.raw<unknown>();
  /** Number of loaded rows, for the status bar. Absent on pages without rows. */
  loaded = $state<number | undefined>();
  total = $state<number | undefined>();
  /** Whether the total is exact. */
  isExact = $state(true);
  /** Keys of data that were seen, as fields, for suggestions. */
  keys = $state.raw<readonly string[]>([]);
  /** Opens the facets, if the page has any. */
  openFacets = $state.raw<(() => void) | undefined>();
  #refreshes = $state(0);

  /** Increases when the same search is repeated. */
  get refreshes(): number {
    return this.#refreshes;
  }

  refresh(): void {
    this.#refreshes++;
  }
}
