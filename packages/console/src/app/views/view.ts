import { EMPTY_STATE, type UrlState } from '../route/url-state';
import { parseDuration, rangeParameters, type TimeRange } from '../time/range';

/** A saved search. */
export interface View extends ViewInput {
  readonly id: string;
  /** Changes with each change of the view. */
  readonly revision: string;
  readonly updatedAt: string;
}

export interface ViewInput {
  readonly name: string;
  readonly filter: string;
  readonly since?: string;
  readonly until?: string;
  readonly columns?: readonly string[];
}

/** Returns the view that saves the search of a page. A relative range stays relative. */
export function toViewInput(name: string, { query, range, columns }: UrlState): ViewInput {
  const saved: TimeRange =
    range.kind === 'absolute' && range.last !== undefined && range.until === undefined
      ? { kind: 'relative', last: range.last }
      : range;
  return {
    name: name.trim(),
    filter: query.trim(),
    ...rangeParameters(saved),
    ...(columns.length === 0 ? {} : { columns }),
  };
}

/** Returns the state of a page that shows a view. */
export function stateOf({ filter, since, until, columns = [] }: ViewInput): UrlState {
  return { ...EMPTY_STATE, query: filter, range: rangeOf(since, until), columns };
}

function rangeOf(since: string | undefined, until: string | undefined): TimeRange {
  if (since !== undefined && parseDuration(since) !== undefined) return { kind: 'relative', last: since };
  const [from, to] = [isoOf(since), isoOf(until)];
  if (from !== undefined) return { kind: 'absolute', since: from, until: to };
  return to === undefined
    ? { kind: 'all' }
    : { kind: 'absolute', since: new Date(0).toISOString(), until: to };
}

function isoOf(text: string | undefined): string | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
