import { formatFilter, parseFilter } from '@vigilant/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addTerm,
  exclude,
  removeField,
  selectedValues,
  showOnly,
  toggleValue,
} from '../../src/app/query/edit';
import { formatCounted, formatValue, unquote } from '../../src/app/query/value';

describe('showOnly', () => {
  it.each([
    ['', 'source:a'],
    ['level:ERROR', 'level:ERROR source:a'],
    ['source:b level:ERROR', 'level:ERROR source:a'],
    ['source:b AND level:ERROR', 'level:ERROR source:a'],
    ['level:ERROR AND source:b', 'level:ERROR source:a'],
    ['-source:b', '-source:b source:a'],
    ['x OR y', '(x OR y) source:a'],
    ['(source:b OR x)', '(source:b OR x) source:a'],
    ['NOT source:b', 'NOT source:b source:a'],
    ['"two  spaces"', '"two  spaces" source:a'],
  ])('changes %j to %j', (query, expected) => expect(showOnly(query, 'source', 'a')).toBe(expected));
});

describe('exclude', () => {
  it.each([
    ['', '-source:a'],
    ['source:a', '-source:a'],
    ['source:a,b', 'source:b -source:a'],
    ['-source:a', '-source:a'],
    ['x OR y', '(x OR y) -source:a'],
  ])('changes %j to %j', (query, expected) => expect(exclude(query, 'source', 'a')).toBe(expected));
});

describe('toggleValue', () => {
  it.each([
    ['', 'source:a'],
    ['source:b', 'source:b,a'],
    ['source:b,a', 'source:b'],
    ['source:a', ''],
    ['source:a x', 'x'],
    ['source=b x source:c', 'source:b,c,a x'],
  ])('changes %j to %j', (query, expected) => expect(toggleValue(query, 'source', 'a')).toBe(expected));

  it('knows both names of the tags', () => {
    expect(toggleValue('tag:a', 'tags', 'b')).toBe('tag:a,b');
    expect(selectedValues('tag:a,"b c"', 'tags')).toEqual(['a', '"b c"']);
  });
});

describe('removeField and addTerm', () => {
  it('remove and add a term', () => {
    expect(removeField('a source:x b source:y', 'source')).toBe('a b');
    expect(addTerm('a', 'data.x:1')).toBe('a data.x:1');
    expect(addTerm('a data.x:1', 'data.x:1')).toBe('a data.x:1');
  });
});

describe('an edited query', () => {
  const queries = fc.constantFrom(
    '',
    'a',
    'a b',
    'x OR y',
    'source:q,w level:ERROR',
    '"a b" -tag:x',
    'NOT (a OR b)',
    'a AND source:z',
  );
  const edits = fc.constantFrom(showOnly, exclude, toggleValue);
  const values = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });

  it('is a valid filter for any value', () => {
    fc.assert(
      fc.property(queries, edits, values, (query, edit, value) => {
        const edited = edit(query, 'source', formatValue('source', value));
        expect(() => parseFilter(edited)).not.toThrow();
      }),
    );
  });
});

describe('formatValue', () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 20 });

  it('matches exactly the text of a field', () => {
    fc.assert(
      fc.property(texts, (value) => {
        const filter = parseFilter(`source:${formatValue('source', value)}`);
        expect(filter).toEqual({ kind: 'text', field: 'source', operator: 'equals', value });
      }),
    );
  });

  it('matches exactly the text, number or literal in data', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.integer(), fc.boolean(), fc.constant(null)), (value) => {
        const filter = parseFilter(`data.x:${formatValue('data.x', value)}`);
        expect(filter).toMatchObject({
          test: typeof value === 'string' ? { operator: 'equals', text: value } : { literal: value },
        });
        const literal = 'test' in filter && 'literal' in filter.test ? filter.test.literal : undefined;
        expect(literal).toBe(typeof value === 'string' ? undefined : value);
      }),
    );
  });

  it('is read back by unquote', () => {
    fc.assert(fc.property(texts, (value) => void expect(unquote(formatCounted(value))).toBe(value)));
    expect(formatFilter(parseFilter(`data.x:${formatCounted('42')}`))).toBe('data.x:42');
  });
});
