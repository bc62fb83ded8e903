import type { Comparison, Filter, OrderedField, TextField } from '@vigilant/core';
import { compareWith } from '@vigilant/core/adapter';
import type { Bounds } from '../bounds';
import type { BlockHeader, BlockSummary, SummaryField } from '../summary/block-summary';

/** The summary of a block, or only its header. */
export type KnownFacts = BlockHeader & Partial<Pick<BlockSummary, 'minutes' | 'values'>>;

/** Events of a block with one level, whose timestamps lie within bounds. */
export interface EventClass {
  /** The rank of the level. */
  readonly level: number;
  readonly timestamp: Bounds;
  readonly summary: KnownFacts;
}

/** Returns whether all events of a class match (`true`) or none (`false`), or `undefined` if that is not known. */
export type ClassTest = (events: EventClass) => boolean | undefined;

const UNKNOWN: ClassTest = () => undefined;

/**
 * Compiles a filter to a test that needs only the summary of a block. Conditions on level and timestamp are decided unless
 * the bounds of the timestamps straddle a value. Other fields are decided if all values of the block agree.
 *
 * @param filter - Without relative times; kinds of later versions are not decided.
 */
export function compileClassTest(filter: Filter): ClassTest {
  switch (filter.kind) {
    case 'all':
      return () => true;
    case 'and':
      return compileEvery(filter.filters.map(compileClassTest), true);
    case 'or':
      return compileEvery(filter.filters.map(compileClassTest), false);
    case 'not': {
      const test = compileClassTest(filter.filter);
      return (events) => {
        const verdict = test(events);
        return verdict === undefined ? undefined : !verdict;
      };
    }
    case 'text': {
      const { field, operator, value } = filter;
      return compileText(
        field,
        operator === 'equals' ? (text) => text === value : (text) => text.startsWith(value),
      );
    }
    case 'present':
      return compilePresent(filter.field);
    case 'ordered':
      return compileOrdered(filter.field, filter.operator, filter.value);
    default:
      return UNKNOWN;
  }
}

/** Returns `!expected` if any test does, otherwise `expected` if every test does. */
function compileEvery(tests: readonly ClassTest[], expected: boolean): ClassTest {
  return (events) => {
    let verdict: boolean | undefined = expected;
    for (const test of tests) {
      const next = test(events);
      if (next === !expected) return next;
      if (next === undefined) verdict = undefined;
    }
    return verdict;
  };
}

function compileText(field: TextField, test: (text: string) => boolean): ClassTest {
  if (field === 'id' || field === 'message') return UNKNOWN;
  return ({ summary }) => decide(summary, field, test);
}

function compilePresent(field: TextField | OrderedField): ClassTest {
  if (field === 'level' || field === 'severity' || field === 'timestamp') return () => true;
  return compileText(field, (text) => text !== '');
}

function compileOrdered(field: OrderedField, operator: Comparison, value: number): ClassTest {
  const test = compareWith(operator, value);
  switch (field) {
    case 'level':
      return ({ level }) => test(level);
    case 'severity':
      return ({ summary }) => decide(summary, 'severity', (text) => test(Number(text)));
    case 'timestamp':
      return ({ timestamp: { min, max } }) => {
        const verdict = test(min);
        // An event between the bounds may still have the value.
        const isStraddled = operator === '=' && min < value && value < max;
        return verdict === test(max) && !isStraddled ? verdict : undefined;
      };
  }
}

/** Decides a test of the values of a field. An event matches if one of its values passes. */
function decide(
  { count, values }: KnownFacts,
  field: SummaryField,
  test: (text: string) => boolean,
): boolean | undefined {
  const counts = values?.[field];
  if (counts === undefined) return undefined;
  let passing = 0;
  for (const [value, events] of counts) {
    if (!test(value)) continue;
    if (events === count) return true;
    passing += events;
  }
  if (passing === 0) return false;
  // An event may have several tags, so the counts of tags may add up without covering every event.
  return passing === count && field !== 'tags' ? true : undefined;
}
