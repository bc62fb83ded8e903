import type { Scope } from '../api/types';
import type { UrlState } from '../route/url-state';
import { rangeParameters } from '../time/range';

/** Returns what a page asks the server for. Two states with the same text of the scope show the same events. */
export function scopeOf(state: Pick<UrlState, 'query' | 'range'>): Scope {
  return { filter: state.query.trim(), ...rangeParameters(state.range) };
}
