import { VigilantError } from '../util/errors';
import type { Filter } from './ast';
import { formatFilter } from './format';

/** Of a filter's text, in UTF-8. */
export const MAX_BYTES = 8192;
/** Of a filter's tree. */
export const MAX_NODES = 256;
/** Of a filter's tree: how many nodes lie upon one another. */
export const MAX_DEPTH = 32;

/**
 * Refuses a tree that is too large, so that all filters can be written, sent and evaluated at a bounded cost.
 *
 * @throws {VigilantError} `VIGILANT_FILTER_INVALID`
 */
export function checkLimits(filter: Filter): void {
  const { nodes, depth } = measure(filter);
  if (nodes > MAX_NODES)
    reject(`A filter has at most ${MAX_NODES} terms and operators; this one has ${nodes}.`);
  if (depth > MAX_DEPTH) reject(`A filter nests at most ${MAX_DEPTH} deep; this one nests ${depth} deep.`);
  const bytes = Buffer.byteLength(formatFilter(filter));
  if (bytes > MAX_BYTES)
    reject(`A filter has at most ${MAX_BYTES} bytes when written; this one has ${bytes}.`);
}

function reject(message: string): never {
  throw new VigilantError('VIGILANT_FILTER_INVALID', message, { position: 0 });
}

function measure(filter: Filter): { readonly nodes: number; readonly depth: number } {
  const parts = filter.kind === 'and' || filter.kind === 'or' ? filter.filters : [];
  const below = (filter.kind === 'not' ? [filter.filter] : parts).map(measure);
  return {
    nodes: below.reduce((sum, { nodes }) => sum + nodes, 1),
    depth: below.reduce((deepest, { depth }) => Math.max(deepest, depth), 0) + 1,
  };
}
