import type { Event, Filter } from '@vigilant/core';
import { createMatcher, createPathReader } from '@vigilant/core/adapter';
import type { JsonScalar } from '../template/json-values';
import { parseData, parseTags } from '../template/json-values';
import type { JsonReader } from '../template/json-variables';
import { JsonVariables, numberedJson } from '../template/json-variables';
import type { Block } from './block';
import type { RowSet } from './row-set';
import { intersect, selectRows } from './row-set';
import type { RowTest } from './row-test';
import { selectByVerdict } from './template-verdicts';
import { testTexts } from './text-test';
import type { SearchedValue } from './value-users';
import { findValueUsers } from './value-users';

/** A test of values in a column of JSON. */
interface JsonTest {
  readonly column: 'tags' | 'data';
  /** Returns whether a whole text passes. */
  readonly matches: (json: string) => boolean;
  /** Returns the values of a text that are tested. */
  readonly valuesOf: JsonReader;
  /** Returns whether a value passes. Without it, each value that is not null does. */
  readonly passes: ((value: JsonScalar) => boolean) | undefined;
  /** The only value that passes, if there is only one. */
  readonly searched?: SearchedValue | undefined;
}

/** Compiles a condition on the tags. */
export function compileTags(filter: Extract<Filter, { kind: 'text' | 'present' }>): RowTest {
  const matcher = createMatcher(filter);
  const matches = (tags: readonly string[]): boolean => matcher({ tags } as Event);
  return compile({
    column: 'tags',
    matches: (json) => matches(parseTags(json)),
    valuesOf: parseTags,
    passes: (value) => matches([String(value)]),
  });
}

/** Compiles a condition on a path of the data. */
export function compileData({ path, test }: Extract<Filter, { kind: 'data' }>): RowTest | undefined {
  // A template does not show which of its values at the path are null.
  if (test.operator === 'equals' && test.literal === null) return undefined;
  const matcher = createMatcher({ kind: 'data', path, test });
  const valuesOf = createPathReader(path);
  const matchesValue = createMatcher({ kind: 'data', path: ['value'], test });
  return compile({
    column: 'data',
    matches: (json) => matcher({ data: parseData(json) } as Event),
    valuesOf: (json) => valuesOf(parseData(json)),
    passes:
      test.operator === 'present'
        ? undefined
        : (value) => matchesValue({ data: { value } } as unknown as Event),
    searched: test.operator === 'equals' ? test : undefined,
  });
}

function compile(test: JsonTest): RowTest {
  return (block, within) => ({ rows: select(test, block, within), isExact: true });
}

function select(test: JsonTest, block: Block, within: RowSet): RowSet {
  const { matches, valuesOf, passes, searched } = test;
  return block.read(test.column, (column) => {
    const { templates } = column;
    if (templates === undefined) return testTexts(column, within, matches);
    if (passes === undefined) {
      const verdictOf = (template: number): boolean => matches(numberedJson(templates.patternOf(template)));
      return selectByVerdict(column, templates, within, verdictOf, matches);
    }
    const variables = new JsonVariables(templates, valuesOf, passes);
    const users = searched && findValueUsers(templates, variables, searched);
    const rows = users === undefined ? within : intersect(within, users);
    return selectRows(rows, column.length, (row) => {
      const template = templates.codes.get(row) - 1;
      if (template === -1) return matches(column.peek(row));
      for (const { variable, read } of variables.of(template))
        if (read(templates.valueOf(row, variable))) return true;
      return false;
    });
  });
}
