import { isDeepStrictEqual } from 'node:util';
import type { EventPosition } from '@vigilant/core';
import { MAX_CACHED_MEMORY } from '../blocks/sealed-blocks';
import type { SqliteConnection } from '../sqlite/driver';
import type { WindowQuery, Windows } from './windows';

/** Maximum number of queries whose windows are kept. */
const MAX_KEPT = 2;

/**
 * Maximum memory of the open blocks of a query that continues, in bytes. A query keeps blocks open that the cache has closed, so
 * they can exceed the limit of the cache. With the same limit, a query that fills the cache would reopen its blocks for each page.
 */
const MAX_MEMORY = 1.5 * MAX_CACHED_MEMORY;

/**
 * The windows of the last pages. The next page of a query continues them: if the times of many blocks overlap, opening them again
 * takes longer than reading the page.
 */
export class RecentWindows {
  /** The page that was read last comes last. */
  readonly #kept: { readonly windows: Windows; readonly next: EventPosition }[] = [];

  /** Returns the windows of the page that ended at a position, or `undefined` if they are not kept. */
  take(query: WindowQuery, after: EventPosition | undefined): Windows | undefined {
    const index = this.#kept.findIndex(
      ({ windows, next }) => isDeepStrictEqual(next, after) && isDeepStrictEqual(windows.query, query),
    );
    return index === -1 ? undefined : this.#kept.splice(index, 1)[0]?.windows;
  }

  /** Keeps the windows of a page. @param next - Where the next page starts, if there is one. */
  keep(windows: Windows, next: EventPosition | undefined): void {
    if (next === undefined || windows.memory > MAX_MEMORY) return;
    this.#kept.push({ windows, next });
    if (this.#kept.length > MAX_KEPT) this.#kept.shift();
  }
}

const known = new WeakMap<SqliteConnection, RecentWindows>();

/** Returns the recent windows of a connection. */
export function recentWindows(connection: SqliteConnection): RecentWindows {
  const recent = known.get(connection) ?? new RecentWindows();
  known.set(connection, recent);
  return recent;
}
