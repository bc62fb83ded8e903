import type { ApiClient } from '../../api/client';
import { removeToken, tokensAtTop } from '../../query/edit';
import type { UrlState } from '../../route/url-state';
import { boundsOf, rangeParameters } from '../../time/range';
import { bucketsOf, totalsOf } from '../histogram/bars';

/** The term of a query that excludes most events. */
export interface Obstacle {
  readonly term: string;
  /** The query without the term. */
  readonly query: string;
  /** Number of events that match without it. */
  readonly count: number;
  readonly isExact: boolean;
}

/** The nearest matching event outside of the range. */
export interface Nearest {
  readonly side: 'older' | 'newer';
  /** In milliseconds since the epoch. */
  readonly time: number;
  /** Width of the range in milliseconds. */
  readonly width: number;
}

/** Maximum number of terms that are tried. */
const MAX_TERMS = 8;

/** Counts the events without each term. Returns the term without which most match, if any do. */
export async function findObstacle(
  client: ApiClient,
  { query, range }: Pick<UrlState, 'query' | 'range'>,
  signal: AbortSignal,
): Promise<Obstacle | undefined> {
  const found = await Promise.allSettled(
    queriesWithoutTerm(query).map(async (each) => {
      const scope = { ...rangeParameters(range), filter: each.query };
      const histogram = await client.histogram({ ...scope, buckets: 1 }, signal);
      const { total } = totalsOf(bucketsOf(histogram));
      return { ...each, count: total, isExact: histogram.exact && histogram.complete };
    }),
  );
  // Without a term, a query may not be valid.
  const counted = found.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const [most] = counted.sort((a, b) => b.count - a.count);
  return most !== undefined && most.count > 0 ? most : undefined;
}

/** Returns the query without each of its terms. `NOT` is a part of the term after it. */
function queriesWithoutTerm(query: string): readonly Pick<Obstacle, 'term' | 'query'>[] {
  const tokens = tokensAtTop(query);
  return tokens
    .flatMap((token, index) => {
      if (token.kind !== 'term' && token.kind !== 'text') return [];
      const rest = removeToken(query, token);
      const before = tokens[index - 1];
      return before?.kind === 'keyword' && before.text === 'NOT'
        ? [{ term: `NOT ${token.text}`, query: removeToken(rest, before) }]
        : [{ term: token.text, query: rest }];
    })
    .slice(0, MAX_TERMS);
}

/** Finds the last matching event before the range and the first one after it. */
export async function findNearest(
  client: ApiClient,
  state: Pick<UrlState, 'query' | 'range'>,
  now: number,
  signal: AbortSignal,
): Promise<readonly Nearest[]> {
  const bounds = boundsOf(state.range, now);
  if (bounds === undefined) return [];
  const width = bounds.to - bounds.from;
  const at = (ms: number): string => new Date(ms).toISOString();
  const ask = { filter: state.query, limit: 1, freshMs: 0 };
  const [older, newer] = await Promise.all([
    client.events({ ...ask, until: at(bounds.from), order: 'newest' }, signal),
    client.events({ ...ask, since: at(bounds.to), order: 'oldest' }, signal),
  ]);
  return [
    ...older.events.map(({ timestamp }) => ({ side: 'older' as const, time: Date.parse(timestamp), width })),
    ...newer.events.map(({ timestamp }) => ({ side: 'newer' as const, time: Date.parse(timestamp), width })),
  ];
}
