import { parseFilter } from '@vigilant/core';
import { checkTimeBound } from '@vigilant/core/adapter';
import { invalidCursor } from '../wire/http-error';
import type { Parameter } from '../wire/parameters';
import { integer, text } from '../wire/schema';

/** The filter of events. */
export const FILTER: Parameter = {
  name: 'filter',
  description: 'Filter in the filter language. The empty filter matches everything.',
  schema: text('Filter'),
  check: (filter) => parseFilter(filter),
};

/** The range of time. */
export const RANGE: readonly Parameter[] = [
  {
    name: 'since',
    description: 'Start, inclusive: ISO 8601, an epoch, `now-2h` or `2h`.',
    schema: text('Time'),
    check: (time, name) => checkTimeBound(name, time),
  },
  {
    name: 'until',
    description: 'End, exclusive. By default shortly after now, unless the filter has an end.',
    schema: text('Time'),
    check: (time, name) => checkTimeBound(name, time),
  },
];

/** Creates the check of a cursor. */
export function checkCursor(
  decodeCursor: (cursor: string) => unknown,
): (cursor: string, name: string) => void {
  return (cursor, name) => {
    try {
      decodeCursor(cursor);
    } catch (error) {
      throw invalidCursor(name, error);
    }
  };
}

/** How long a read waits for events that are accepted but not stored yet. */
export const FRESH: Parameter = {
  name: 'freshMs',
  description: 'Maximum wait for events accepted before the request, in milliseconds.',
  schema: integer('Milliseconds', 0, 600_000),
};

/** The time limit of a read. */
export const DEADLINE: Parameter = {
  name: 'deadlineMs',
  description: 'Time limit of the request, in milliseconds. At the limit, the result has `complete: false`.',
  schema: integer('Milliseconds', 1, 600_000),
};
