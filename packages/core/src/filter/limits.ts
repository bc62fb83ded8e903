import { VigilantError } from '../util/errors';
import type { Filter } from './ast';
import { formatFilter } from './format';

/** Maximum size of a filter in the filter language, in bytes of UTF-8. */
export const MAX_FILTER_BYTES = 8192;
/** Maximum number of nodes of a filter. */
export const MAX_FILTER_NODES = 256;
/** Maximum depth of a filter. */
export const MAX_FILTER_DEPTH = 32;

/** Maximum number of bytes that a node takes besides its text: a field, an operator, a time, parentheses. */
const BYTES_PER_NODE = 64;
/** Maximum number of bytes for a UTF-16 code unit, escaped or not. */
const BYTES_PER_UNIT = 3;
/** Maximum number of bytes for a segment of a path besides its text: a dot and two quotes. */
const BYTES_PER_SEGMENT = 3;

/** Size of a filter. */
export interface FilterSize {
  readonly nodes: number;
  readonly depth: number;
  /** Upper bound of the bytes of the canonical form. */
  readonly maxBytes: number;
}

/**
 * Rejects a filter beyond the limits, so that every filter can be formatted, sent and evaluated at a bounded cost.
 *
 * @throws {VigilantError} `VIGILANT_FILTER_INVALID`
 */
export function checkLimits(filter: Filter): void {
  const { nodes, depth, maxBytes } = measureFilter(filter);
  if (nodes > MAX_FILTER_NODES)
    throw tooLarge(
      `A filter has at most ${MAX_FILTER_NODES} terms and operators; this one has ${nodes}.`,
      MAX_FILTER_NODES,
    );
  if (depth > MAX_FILTER_DEPTH)
    throw tooLarge(
      `A filter may be nested at most ${MAX_FILTER_DEPTH} levels deep; this one has ${depth} levels.`,
      MAX_FILTER_DEPTH,
    );
  // Formatting is slow, and only long filters need it.
  const bytes = maxBytes > MAX_FILTER_BYTES ? Buffer.byteLength(formatFilter(filter)) : 0;
  if (bytes > MAX_FILTER_BYTES)
    throw tooLarge(
      `The canonical form of a filter has at most ${MAX_FILTER_BYTES} bytes; this one has ${bytes}.`,
      MAX_FILTER_BYTES,
    );
}

/** Measures a filter without formatting it. */
export function measureFilter(filter: Filter): FilterSize {
  let nodes = 1;
  let depth = 0;
  let maxBytes = BYTES_PER_NODE + textBytes(filter);
  for (const part of partsOf(filter)) {
    const size = measureFilter(part);
    nodes += size.nodes;
    depth = Math.max(depth, size.depth);
    maxBytes += size.maxBytes;
  }
  return { nodes, depth: depth + 1, maxBytes };
}

function partsOf(filter: Filter): readonly Filter[] {
  if (filter.kind === 'not') return [filter.filter];
  return filter.kind === 'and' || filter.kind === 'or' ? filter.filters : [];
}

function textBytes(filter: Filter): number {
  switch (filter.kind) {
    case 'contains':
      return filter.text.length * BYTES_PER_UNIT;
    case 'text':
      return filter.value.length * BYTES_PER_UNIT;
    case 'data': {
      const { path, test } = filter;
      const text = 'text' in test ? test.text : '';
      return (path.join('').length + text.length) * BYTES_PER_UNIT + path.length * BYTES_PER_SEGMENT;
    }
    default:
      return 0;
  }
}

function tooLarge(message: string, limit: number): VigilantError {
  const violations = [{ field: 'filter', code: 'too_large', reason: message, limit }];
  return new VigilantError('VIGILANT_FILTER_INVALID', message, { position: 0, violations });
}
