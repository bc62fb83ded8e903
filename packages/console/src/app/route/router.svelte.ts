import { formatUrlState, parseUrlState, type UrlState } from './url-state';

/** The browser's location and history. Replaced in tests. */
export interface Browser {
  readonly location: { readonly pathname: string; readonly search: string };
  readonly history: Pick<History, 'pushState' | 'replaceState'>;
  addEventListener(type: 'popstate', listener: () => void): void;
}

/** Path and state of the current page, kept in the URL. */
export class Router {
  /** Pathname of the base, with a trailing slash. */
  readonly base: string;
  readonly #browser: Browser;
  /** Relative to the base, without a leading slash. */
  #path = $state('');
  #state = $state.raw<UrlState>(parseUrlState(''));

  constructor(base: string, browser: Browser) {
    this.base = base;
    this.#browser = browser;
    this.#read();
    browser.addEventListener('popstate', () => this.#read());
  }

  get path(): string {
    return this.#path;
  }

  get state(): UrlState {
    return this.#state;
  }

  /** Returns the href of a page with a state. */
  href(path: string, state: UrlState): string {
    return this.base + path + formatUrlState(state);
  }

  /**
   * Changes parts of the state.
   *
   * @param how - `push` adds an entry to the history, so that Back returns to the state before. `replace` does not.
   */
  update(changes: Partial<UrlState>, how: 'push' | 'replace' = 'push'): void {
    this.go(this.#path, { ...this.#state, ...changes }, how);
  }

  /** Shows another page. */
  go(path: string, state: UrlState = this.#state, how: 'push' | 'replace' = 'push'): void {
    const href = this.href(path, state);
    if (href === this.#browser.location.pathname + this.#browser.location.search) return;
    this.#browser.history[how === 'push' ? 'pushState' : 'replaceState'](null, '', href);
    this.#read();
  }

  #read(): void {
    const { pathname, search } = this.#browser.location;
    this.#path = pathname.startsWith(this.base) ? pathname.slice(this.base.length) : '';
    this.#state = parseUrlState(search);
  }
}

/**
 * Returns the path within the console of a click on a link, or `undefined` if the browser must follow the link itself:
 * for other sites, downloads, and clicks that open a new tab.
 */
export function internalPath(event: MouseEvent, base: string): URL | undefined {
  if (event.defaultPrevented || event.button !== 0) return undefined;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.hasAttribute('download')) return undefined;
  const url = new URL(link.href);
  return url.origin === location.origin && url.pathname.startsWith(base) ? url : undefined;
}
