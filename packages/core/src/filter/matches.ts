import { LEVELS, type Event, type JsonValue } from '../event/event';
import { toMicros } from '../event/timestamp';
import { VigilantError } from '../util/errors';
import type { Comparison, DataTest, Filter, OrderedField, TextField } from './ast';
import { createPathTest } from './data-path';
import { fold } from './fold';

/** Returns whether an event matches. */
export type Matcher = (event: Event) => boolean;

/**
 * Compiles a filter for use with many events. It defines the meaning of the filter; stores must agree with it.
 *
 * @throws {VigilantError} `VIGILANT_FILTER_INVALID` when the filter contains a relative time.
 */
export function createMatcher(filter: Filter): Matcher {
  return compile(filter, createCachedFold());
}

/** Returns whether one event matches a filter. For several events, use `createMatcher`. */
export function matches(filter: Filter, event: Event): boolean {
  return createMatcher(filter)(event);
}

type Fold = (text: string) => string;

function compile(filter: Filter, foldMessage: Fold): Matcher {
  switch (filter.kind) {
    case 'all':
      return () => true;
    case 'and':
      return compileAnd(filter.filters.map((part) => compile(part, foldMessage)));
    case 'or':
      return compileOr(filter.filters.map((part) => compile(part, foldMessage)));
    case 'not': {
      const matcher = compile(filter.filter, foldMessage);
      return (event) => !matcher(event);
    }
    case 'contains': {
      const needle = fold(filter.text);
      return ({ message }) => foldMessage(message).includes(needle);
    }
    case 'text': {
      const { value } = filter;
      return filter.operator === 'equals'
        ? compileText(filter.field, (text) => text === value)
        : compileText(filter.field, (text) => text.startsWith(value));
    }
    case 'ordered':
      return compileOrdered(filter.field, compareWith(filter.operator, filter.value));
    case 'present':
      return compilePresent(filter.field);
    case 'data': {
      const test = createPathTest(filter.path, compileDataTest(filter.test));
      return (event) => test(event.data);
    }
    case 'relative':
      throw new VigilantError('VIGILANT_FILTER_INVALID', 'A relative time must be resolved before matching.');
  }
}

/** Creates a function that folds a text and caches the last result, because several words test the same message. */
function createCachedFold(): Fold {
  let message = '';
  let folded = '';
  return (text) => {
    if (text !== message) {
      folded = fold(text);
      message = text;
    }
    return folded;
  };
}

function compileAnd(matchers: readonly Matcher[]): Matcher {
  return (event) => {
    for (const matcher of matchers) if (!matcher(event)) return false;
    return true;
  };
}

function compileOr(matchers: readonly Matcher[]): Matcher {
  return (event) => {
    for (const matcher of matchers) if (matcher(event)) return true;
    return false;
  };
}

function compileText(field: TextField, test: (text: string) => boolean): Matcher {
  return field === 'tags' ? (event) => event.tags.some(test) : (event) => test(event[field]);
}

function compileOrdered(field: OrderedField, test: (value: number) => boolean): Matcher {
  switch (field) {
    case 'level': {
      const passing = new Set(LEVELS.filter((_, rank) => test(rank)));
      return (event) => passing.has(event.level);
    }
    case 'severity':
      return (event) => test(event.severity);
    case 'timestamp':
      return (event) => test(toMicros(event.timestamp));
  }
}

function compilePresent(field: TextField | OrderedField): Matcher {
  if (field === 'level' || field === 'severity' || field === 'timestamp') return () => true;
  return compileText(field, (text) => text !== '');
}

function compileDataTest(test: DataTest): (value: JsonValue) => boolean {
  switch (test.operator) {
    case 'equals': {
      const { text, literal } = test;
      // Without a literal the second comparison is false: no JSON value is undefined.
      return (value) => value === text || value === literal;
    }
    case 'prefix': {
      const { text } = test;
      return (value) => typeof value === 'string' && value.startsWith(text);
    }
    case 'present':
      return (value) => value !== null;
    default: {
      const holds = compareWith(test.operator, test.number);
      return (value) => typeof value === 'number' && holds(value);
    }
  }
}

/** Returns the test that a number compares with another. */
export function compareWith(operator: Comparison, than: number): (value: number) => boolean {
  switch (operator) {
    case '=':
      return (value) => value === than;
    case '<':
      return (value) => value < than;
    case '<=':
      return (value) => value <= than;
    case '>':
      return (value) => value > than;
    case '>=':
      return (value) => value >= than;
  }
}
