import type { EventPage, EventQuery } from '../contracts/query';
import type { FilterInput, QueryOptions, QueryResult } from '../contracts/vigilant';
import type { Filter } from '../filter/ast';
import { formatFilter } from '../filter/format';
import { toFilter } from '../filter/to-filter';
import { VigilantError } from '../util/errors';
import { checkEventOrder, checkInteger } from './argument-checks';
import type { PageCursor } from './cursor';
import { decodePageCursor, encodePageCursor, hashQuery } from './cursor';
import { withinRange } from './time-range';

const MIB = 1024 * 1024;

/** The arguments of a query for one page, checked and completed. */
export interface CheckedQuery extends Required<Pick<EventQuery, 'order' | 'limit' | 'maxBytes'>> {
  /** May contain relative times. */
  readonly filter: Filter;
  /** Identifies filter and range in cursors. */
  readonly hash: string;
  /** `undefined` for the first page. */
  readonly cursor: PageCursor | undefined;
}

/** Checks the arguments of a query except `freshMs` and `deadlineMs`. @throws {VigilantError} */
export function checkQuery(input: FilterInput, options: QueryOptions, nowMs: number): CheckedQuery {
  const { order = 'newest', limit = 100, maxBytes = 8 * MIB } = options;
  checkEventOrder(order);
  checkInteger('limit', limit, 1, 10_000);
  checkInteger('maxBytes', maxBytes, 1, 256 * MIB);
  const filter = withinRange(toFilter(input), options, nowMs);
  const hash = hashQuery(formatFilter(filter));
  const cursor = options.cursor === undefined ? undefined : checkCursor(options.cursor, order, hash);
  return { order, limit, maxBytes, filter, hash, cursor };
}

/**
 * Describes the end of a page of a query.
 *
 * @param now - The time that relative times of the query refer to, in milliseconds since the epoch.
 * @throws {VigilantError} `VIGILANT_CURSOR_INVALID` if the cursor of the query belongs to another store.
 */
export function endOfPage(
  { order, hash, cursor }: CheckedQuery,
  now: number,
  { epoch, asOf, next, complete }: Pick<EventPage, 'epoch' | 'asOf' | 'next' | 'complete'>,
): Pick<QueryResult, 'nextCursor' | 'complete'> {
  if (cursor !== undefined && cursor.epoch !== epoch) throw otherEpoch();
  if (next === undefined) return { complete };
  return { nextCursor: encodePageCursor({ epoch, order, hash, now, asOf, after: next }), complete };
}

function checkCursor(text: string, order: PageCursor['order'], hash: string): PageCursor {
  const cursor = decodePageCursor(text);
  if (cursor.order === order && cursor.hash === hash) return cursor;
  throw new VigilantError(
    'VIGILANT_CURSOR_INVALID',
    'The cursor belongs to another filter, range or order; repeat those of its first page, or start again without it.',
  );
}

function otherEpoch(): VigilantError {
  return new VigilantError(
    'VIGILANT_CURSOR_INVALID',
    'The cursor belongs to another store, or to this one before it was restored; start again without it.',
  );
}
