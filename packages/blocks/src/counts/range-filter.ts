import type { Filter, HistogramQuery } from '@vigilant/core';

/** Restricts a filter to the range of a histogram. */
export function withinRange({ from, until }: Pick<HistogramQuery, 'from' | 'until'>, filter: Filter): Filter {
  return {
    kind: 'and',
    filters: [
      { kind: 'ordered', field: 'timestamp', operator: '>=', value: from },
      { kind: 'ordered', field: 'timestamp', operator: '<', value: until },
      filter,
    ],
  };
}
