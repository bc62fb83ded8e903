import type { Scope } from '../api/types';
import type { UrlState } from '../route/url-state';
import { rangeParameters } from '../time/range';

/** Returns the filter and the range that a page requests. States with equal scopes show the same events. */
export function scopeOf(state: Pick<UrlState, 'query' | 'range'>): Scope {
  return { filter: state.query.trim(), ...rangeParameters(state.range) };
}
