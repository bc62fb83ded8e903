import { MAX_TIME_MICROS } from '../event/limits';
import { toMicros } from '../event/micros';
import type { Filter } from './ast';
import { mapLeaves } from './build';

/**
 * Replaces times relative to now by absolute ones, so that a filter keeps its meaning while time goes on.
 *
 * @param nowMs - In milliseconds since the epoch, microseconds as the fraction.
 */
export function resolveFilter(filter: Filter, nowMs: number): Filter {
  const now = toMicros(nowMs);
  return mapLeaves(filter, (leaf) => {
    if (leaf.kind !== 'relative') return leaf;
    const value = Math.max(-MAX_TIME_MICROS, Math.min(now + leaf.offset, MAX_TIME_MICROS));
    return { kind: 'ordered', field: 'timestamp', operator: leaf.operator, value };
  });
}
