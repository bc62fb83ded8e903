import assert from 'node:assert/strict';
import { formatFilter } from '@vigilant/core';
import type { Event, Filter } from '@vigilant/core';
import { createMatcher } from '@vigilant/core/adapter';

/** Maximum number of events, and of characters of each, in an error. */
const MAX_SHOWN = 3;
const MAX_CHARACTERS = 2_000;

const FOLD_HINT =
  'The text of a filter is not folded. To ignore case, compare fold(text) with fold(message), which a database cannot compute.';

/**
 * Fails unless a query with a filter found exactly the events that match it, in the given order. The error shows the filter and the
 * events that are missing or must not be found.
 *
 * @param events - All events that the query could find.
 * @param found - Events that the query returned.
 */
export function assertFound(filter: Filter, events: readonly Event[], found: readonly Event[]): void {
  const matches = createMatcher(filter);
  const expected = events.filter(matches);
  const foundIds = new Set(found.map(({ id }) => id));
  const missing = expected.filter(({ id }) => !foundIds.has(id));
  const wrong = found.filter((event) => !matches(event));
  const problems = [
    ...describe('must be found, because this event matches', missing),
    ...describe('must not be found, because this event does not match', wrong),
  ];
  const hints = missing.length > 0 && hasText(filter) ? [FOLD_HINT] : [];
  if (problems.length > 0) fail([`The filter is ${describeFilter(filter)}`, ...problems, ...hints]);
  assert.deepEqual(
    found.map(({ id }) => id),
    expected.map(({ id }) => id),
    `The filter ${describeFilter(filter)} finds the right events, but in the wrong order or more than once.`,
  );
}

/** Returns whether a filter searches messages for text. */
function hasText(filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.some(hasText);
    case 'not':
      return hasText(filter.filter);
    default:
      return filter.kind === 'contains';
  }
}

function fail(lines: readonly string[]): never {
  throw new assert.AssertionError({ message: lines.join('\n') });
}

function describe(problem: string, events: readonly Event[]): readonly string[] {
  const shown = events.slice(0, MAX_SHOWN).map((event) => `${event.id} ${problem}: ${shorten(event)}`);
  const rest = events.length - shown.length;
  return rest > 0
    ? [...shown, `${rest} more events ${problem.replace('this event', 'each of them')}.`]
    : shown;
}

/** Returns the filter as a tree, and as text where the language can express it. */
function describeFilter(filter: Filter): string {
  const tree = shorten(filter);
  try {
    return `${formatFilter(filter)}, as a tree ${tree}`;
  } catch {
    return tree;
  }
}

function shorten(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length <= MAX_CHARACTERS
    ? json
    : `${json.slice(0, MAX_CHARACTERS)}... (${json.length} characters)`;
}
