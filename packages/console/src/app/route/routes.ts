import type { Component } from 'svelte';
import type { PagePath } from './page-paths';
import type { MessageKey } from '../i18n/en';

/** A page of the console. */
export interface Route {
  /** Relative to the base path; empty for the start page. */
  readonly path: PagePath;
  readonly title: MessageKey;
  /** Where the link to the page is: in the top bar, or in its menu. */
  readonly navigation: 'bar' | 'menu';
  /** Whether the page uses the query and the time range of the top bar. */
  readonly hasQuery: boolean;
  /** Whether the page can follow new events. */
  readonly hasLive: boolean;
  /** Whether the messages of the page are not part of the first load. */
  readonly hasOwnMessages: boolean;
  /** Loads the page when it is first shown. The start page is part of the first load. */
  readonly load: () => Promise<{ readonly default: Component }>;
}

/**
 * Finds the route of a path.
 *
 * @param path - Relative to the base path, without a leading slash.
 */
export function findRoute(routes: readonly Route[], path: string): Route | undefined {
  return routes.find((route) => route.path === path);
}

/** Decodes a part of a path. */
export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A malformed escape is literal.
    return text;
  }
}
