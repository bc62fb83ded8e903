import type { Json } from '../api/types';
import { joinPath } from '../text/field-value';
import type { Row } from './rows/event-list';

const MAX_KEYS = 100;

/** Returns the fields of data that occur in rows, for suggestions. */
export function keysOf(rows: readonly Row[]): readonly string[] {
  const found = new Set<string>();
  const visit = (value: Json, keys: readonly string[]): void => {
    if (found.size >= MAX_KEYS) return;
    if (Array.isArray(value)) for (const each of value.slice(0, 5) as readonly Json[]) visit(each, keys);
    else if (typeof value === 'object' && value !== null)
      for (const [key, child] of Object.entries(value)) visit(child, [...keys, key]);
    else if (keys.length > 0) found.add(joinPath(keys));
  };
  for (const row of rows) if (row.kind === 'event') visit(row.event.data, []);
  return [...found].sort();
}
