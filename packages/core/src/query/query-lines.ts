import type { EventLines } from '../contracts/query';
import type { FilterInput, QueryOptions, QueryResult, Vigilant } from '../contracts/vigilant';
import { addVariant, variantOf } from '../util/variant';

/** A page of events as lines of JSON. */
export interface LinesResult
  extends Pick<EventLines, 'chunks' | 'count'>, Pick<QueryResult, 'nextCursor' | 'complete'> {}

/** A variant of `query` that returns lines; `undefined` if the store does not. */
export type QueryLines = (filter: FilterInput, options: QueryOptions) => Promise<LinesResult | undefined>;

const LINES = Symbol.for('vigilant.lines');

/** Adds the variant of `query` that returns lines. */
export function addLinesMethod(query: Vigilant['query'], queryLines: QueryLines): Vigilant['query'] {
  return addVariant(query, LINES, queryLines);
}

/**
 * Returns a page of events as `query` does, but as lines of JSON in UTF-8, which a server sends as they are.
 *
 * @returns `undefined` if the events must be queried and encoded, because the store does not return lines.
 */
export async function queryLines(
  { query }: Pick<Vigilant, 'query'>,
  filter: FilterInput,
  options: QueryOptions,
): Promise<LinesResult | undefined> {
  return variantOf<QueryLines>(query, LINES)?.(filter, options);
}
