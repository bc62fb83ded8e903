import { untrack } from 'svelte';
import type { App } from '../app';
import type { ApiEvent } from '../api/types';
import type { Context } from '../route/url-state';
import { absolute, lastOf, zoomRange, type Bounds } from '../time/range';
import { sameOptions } from './context/context-query';
import { keysOf } from './data-keys';
import { createEventActions, type EventActions } from './event-actions';
import { attachKeys, type ExploreCommands } from './explore-keys';
import type { GapView } from '../live/gap-view';
import type { LiveControl } from '../live/live-control';
import { bucketsOf, totalsOf, type Bucket } from './histogram/bars';
import { Results } from './results.svelte';
import type { EventList } from './rows/event-list';
import type { RowAction } from './rows/row-actions.svelte';
import { createRowHeight } from './rows/row-height.svelte';
import { scopeOf } from './scope';
import { Selection } from './selection.svelte';

/** The rows on the screen: those of the search, or those of a context. */
export interface RowsView {
  readonly list: EventList;
  /** Index of the row with the focus, or -1. */
  activeIndex(): number;
  /** Moves the focus to a row, or to the first visible one if the index is -1. */
  focusRow(index: number): void;
  scrollToTop(): void;
}

/** State and commands of the page. */
export class ExplorePage implements ExploreCommands {
  readonly actions: EventActions;
  readonly results: Results;
  readonly selection: Selection;
  readonly rowHeight: { readonly pixels: number };
  isSheetOpen = $state(false);
  isTableOpen = $state(false);
  /** Whether a context is shown without the detail where the detail would cover it. */
  isContextOnly = $state(true);
  /** The rows of the search, once they are on the screen. */
  rows: RowsView | undefined;
  /** The rows of the context while it is shown. They cover those of the search. */
  contextRows: RowsView | undefined;
  /** Set while the rows follow new events. */
  live: LiveControl | undefined;
  /** Set once Live has been started. Until then the rows have no gaps. */
  gaps = $state.raw<GapView | undefined>();
  /** Buckets of the previous period at the times of the current one, while both are compared. */
  previous = $state.raw<readonly Bucket[] | undefined>();
  readonly #app: App;
  #isRevealed = false;

  constructor(app: App) {
    this.#app = app;
    this.actions = createEventActions(app);
    this.results = new Results(app.client);
    this.selection = new Selection(app.client, this.results.list);
    this.rowHeight = createRowHeight(() => app.router.state.density ?? app.settings.current.density);
  }

  readonly zone = $derived.by(() => this.#app.router.state.zone ?? this.#app.settings.current.zone);
  readonly selected = $derived.by(() => this.selection.event);
  /** Number of all events of the range, if known. */
  readonly total = $derived.by(() => {
    const { histogram } = this.results;
    return histogram && totalsOf(bucketsOf(histogram)).total;
  });
  readonly isEmpty = $derived.by(() => {
    void this.results.version;
    return this.results.rows !== 'loading' && this.results.list.length === 0;
  });
  /** The context that the detail shows. */
  readonly context = $derived.by(
    (): Context => this.#app.router.state.context ?? { width: '10s', same: this.#sameOf(this.selected) },
  );

  /** Connects the state with the URL, the keys and the top bar. Called while the component is created. */
  start(): void {
    const { router, server, search, keys } = this.#app;
    $effect(() => {
      // Scopes with the same text are the same search.
      void this.#scopeText;
      void search.refreshes;
      void this.#fields;
      untrack(this.search);
    });
    $effect(() => () => this.results.cancel());
    $effect(() =>
      server.onReconnect(() => {
        if (this.results.rows === 'failed') this.search();
        else if (this.results.countsError !== undefined) void this.results.refreshCounts();
      }),
    );
    $effect(() => this.#reportSearch());
    $effect(() => {
      void this.results.version;
      this.selection.follow(router.state.event, router.state.context !== undefined);
    });
    $effect(() => this.#revealLinked());
    $effect(() => attachKeys(keys, this));
    $effect(() => {
      search.openFacets = this.toggleFacets;
      return () => (search.openFacets = undefined);
    });
  }

  /** Derived, so that a change of another setting does not repeat the search. */
  readonly #fields = $derived.by(() => this.#app.settings.current.facets);
  readonly #scopeText = $derived.by(() => JSON.stringify(scopeOf(this.#app.router.state)));

  readonly search = (): void => {
    this.results.search(scopeOf(this.#app.router.state), this.#fields);
  };

  /** Searches again, and shows the first row. */
  readonly showNewest = (): void => {
    this.rows?.scrollToTop();
    this.search();
  };

  list(): EventList {
    return this.#view?.list ?? this.results.list;
  }

  active(): number {
    return this.#view?.activeIndex() ?? -1;
  }

  target(): ApiEvent | undefined {
    if (this.selected !== undefined) return this.selected;
    const row = this.list().at(this.active());
    return row?.kind === 'event' ? row.event : undefined;
  }

  isOpen(event: ApiEvent): boolean {
    return this.selected?.id === event.id;
  }

  move(direction: 1 | -1): void {
    const from = this.selected === undefined ? this.active() : this.list().indexOf(this.selected.id);
    this.focusAt(Math.max(0, from + direction));
  }

  /** Moves the focus to a row, and the selection too while the detail is open. */
  focusAt(index: number): void {
    const last = this.list().length - 1;
    const row = this.list().at(Math.min(index, last));
    this.#view?.focusRow(Math.min(index, last));
    if (this.selected !== undefined && row?.kind === 'event') this.#select(row.event);
  }

  readonly open = (event: ApiEvent): void => {
    this.isContextOnly = false;
    this.#select(event);
  };

  #select(event: ApiEvent): void {
    this.#app.router.update({ event: event.id }, 'replace');
  }

  /** Closes the detail. The focus returns to its row. A context that the detail covers is shown again. */
  readonly close = (): void => {
    const index = this.list().indexOf(this.selected?.id ?? '');
    if (this.#coversContext) this.isContextOnly = true;
    else this.#app.router.update({ event: undefined, context: undefined }, 'replace');
    this.#view?.focusRow(index);
  };

  back(): void | false {
    if (this.isSheetOpen) this.isSheetOpen = false;
    else if (this.#coversContext) this.close();
    else if (this.#app.router.state.context !== undefined) this.closeContext();
    else if (this.selected !== undefined) this.close();
    else if (this.#app.router.state.isSimilar) this.#app.router.update({ isSimilar: false });
    else return false;
  }

  readonly showContext = (event: ApiEvent, context?: Context): void => {
    const { router } = this.#app;
    const wanted = context ?? router.state.context ?? { width: '10s', same: this.#sameOf(event) };
    this.isContextOnly = true;
    router.update({ event: event.id, context: wanted });
  };

  /** Returns to the rows of the search, which have kept their position. */
  readonly closeContext = (): void =>
    this.#app.router.update({ context: undefined, event: this.selection.anchor?.id });

  readonly act = (action: RowAction, event: ApiEvent): void => {
    if (action === 'context') this.showContext(event);
    else if (action === 'copyLink') void this.actions.copyLink(event);
    else this.actions[action]('source', event.source);
  };

  /** Pauses live rows, so that they do not move while the user reads them. */
  readonly interact = (): void => this.live?.pause();

  /** Shows a part of the range, and compares it with the previous period if `isComparing`. */
  readonly zoom = ({ from, to }: Bounds, isComparing = this.#app.router.state.isComparing): void => {
    const { router } = this.#app;
    const range = absolute({ from, to: Math.max(to, from + 1) }, lastOf(router.state.range));
    router.update({ range, isComparing });
  };

  readonly toggleComparison = (): void => {
    const { router } = this.#app;
    router.update({ isComparing: !router.state.isComparing });
  };

  readonly zoomBy = (direction: 'in' | 'out'): void => {
    const { router } = this.#app;
    router.update({ range: zoomRange(router.state.range, direction, Date.now()) });
  };

  readonly removeColumn = (column: string): void => {
    const { router } = this.#app;
    router.update({ columns: router.state.columns.filter((each) => each !== column) });
  };

  readonly toggleFacets = (): void => {
    const { settings } = this.#app;
    const isSheet = matchMedia(this.selected ? '(max-width: 1279px)' : '(max-width: 1023px)').matches;
    if (isSheet) this.isSheetOpen = !this.isSheetOpen;
    else settings.update({ showFacets: !settings.current.showFacets });
  };

  /** Adds a field to those whose values are counted. */
  readonly addFacet = (field: string): void => {
    const { settings } = this.#app;
    const { facets } = settings.current;
    settings.update({ showFacets: true, facets: facets.includes(field) ? facets : [...facets, field] });
  };

  /** Whether the detail fills the window, above a context. */
  get #coversContext(): boolean {
    const { context } = this.#app.router.state;
    return context !== undefined && !this.isContextOnly && matchMedia('(max-width: 639px)').matches;
  }

  get #view(): RowsView | undefined {
    return this.contextRows ?? this.rows;
  }

  #sameOf(event: ApiEvent | undefined): Context['same'] {
    return (event && sameOptions(event)[0]) ?? 'all';
  }

  /** Moves the focus once to the row that a link opened, if it is one of the first. */
  #revealLinked(): void {
    const { linked } = this.selection;
    const { rows, list } = this.results;
    if (linked === undefined || this.#isRevealed || rows === 'loading') return;
    this.#isRevealed = true;
    const index = list.indexOf(linked);
    if (index !== -1) this.rows?.focusRow(index);
  }

  /** Reports the search to the top bar and the status bar. */
  #reportSearch(): () => void {
    const { search } = this.#app;
    const { histogram, list, version, error } = this.results;
    void version;
    search.error = error;
    if (this.results.rows !== 'loading') search.isReady = true;
    search.loaded = list.eventCount;
    search.total = this.total;
    search.isExact = histogram?.exact === true && histogram.complete;
    search.facets = this.results.facets ?? [];
    search.keys = keysOf(list.slice(0, 50));
    return () => {
      search.loaded = undefined;
      search.error = undefined;
    };
  }
}
