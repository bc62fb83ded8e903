import { countValues, createMatcher, toMicros } from '@vigilant/core/adapter';
import type { Facet, FacetQuery, HistogramBucket, HistogramQuery, StoredEvent } from '@vigilant/core';

type Counts = ReadonlyMap<string, number>;

/** Counts events per bucket, regardless of cost. */
export function bucketsOf(events: readonly StoredEvent[], query: HistogramQuery): HistogramBucket[] {
  const matches = createMatcher(query.filter);
  const totals = new Map<string, number>();
  const buckets = new Map<number, Map<string, number>>();
  for (const event of events) {
    const micros = toMicros(event.timestamp);
    if (micros < query.from || micros >= query.until || !matches(event)) continue;
    const start = micros - ((micros - query.from) % query.bucketMicros);
    const counts = buckets.get(start) ?? new Map<string, number>();
    buckets.set(start, counts);
    for (const value of countValues(event, query.by)) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
      totals.set(value, (totals.get(value) ?? 0) + 1);
    }
  }
  const kept = new Set(sorted(totals, query.limit).map(({ value }) => value));
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([start, counts]) => {
      const own = Object.fromEntries([...counts].filter(([value]) => kept.has(value)));
      const rest = [...counts].filter(([value]) => !kept.has(value));
      const other = rest.reduce((sum, [, count]) => sum + count, 0);
      return other > 0 ? { start, counts: own, other } : { start, counts: own };
    });
}

/** Counts the most frequent values, regardless of cost. */
export function facetsOf(events: readonly StoredEvent[], { filter, fields, limit }: FacetQuery): Facet[] {
  const found = events.filter(createMatcher(filter));
  return fields.map((field) => {
    const counts = new Map<string, number>();
    for (const value of found.flatMap((event) => countValues(event, field)))
      counts.set(value, (counts.get(value) ?? 0) + 1);
    return { field, values: sorted(counts, limit), distinct: counts.size, exact: true };
  });
}

function sorted(counts: Counts, limit: number): { readonly value: string; readonly count: number }[] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, limit);
}
