import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Event } from '../../src/event/event';
import type { Filter } from '../../src/filter/ast';
import { canonicalFilter } from '../../src/filter/build';
import { fold } from '../../src/filter/fold';
import { matches } from '../../src/filter/matches';
import { event, events, resolvedFilters as filters, text } from './arbitraries';

const and = (...filters: Filter[]): Filter => ({ kind: 'and', filters });
const or = (...filters: Filter[]): Filter => ({ kind: 'or', filters });
const not = (filter: Filter): Filter => ({ kind: 'not', filter });

/** Claims that two filters match the same events. */
const same = (pair: (a: Filter, b: Filter, c: Filter) => [Filter, Filter]) =>
  fc.assert(
    fc.property(filters, filters, filters, events, (a, b, c, event) => {
      const [left, right] = pair(a, b, c);
      return matches(left, event) === matches(right, event);
    }),
    { numRuns: 500 },
  );

const holds = (claim: (event: Event, text: string) => boolean) =>
  fc.assert(fc.property(events, text, claim), { numRuns: 1000 });

describe('laws of filters', () => {
  it('takes the complement of the complement for the filter itself', () => same((a) => [not(not(a)), a]));
  it('obeys De Morgan', () => {
    same((a, b) => [not(and(a, b)), or(not(a), not(b))]);
    same((a, b) => [not(or(a, b)), and(not(a), not(b))]);
  });
  it('does not mind the order of parts', () => {
    same((a, b) => [and(a, b), and(b, a)]);
    same((a, b) => [or(a, b), or(b, a)]);
  });
  it('does not mind how parts are grouped', () => {
    same((a, b, c) => [and(a, and(b, c)), and(a, b, c)]);
    same((a, b, c) => [or(a, or(b, c)), or(a, b, c)]);
  });
  it('distributes', () => same((a, b, c) => [and(a, or(b, c)), or(and(a, b), and(a, c))]));
  it('absorbs', () => same((a, b) => [or(a, and(a, b)), a]));
  it('matches everything by none of "and", and nothing by none of "or"', () => {
    same((a) => [and(a, and()), a]);
    same((a) => [or(a, or()), a]);
  });
  it('splits events into those that match and those that match the complement', () => {
    same((a) => [or(a, not(a)), and()]);
    same((a) => [and(a, not(a)), or()]);
  });
  it('means the same in its simplest form', () => same((a) => [canonicalFilter(a), a]));

  it('takes "present" for not equal to empty text', () => {
    for (const field of ['origin', 'source', 'type', 'group', 'message'] as const) {
      holds((event) => {
        const isEmpty = matches({ kind: 'text', field, operator: 'equals', value: '' }, event);
        return matches({ kind: 'present', field }, event) === !isEmpty;
      });
    }
  });
  it('finds by each beginning of a text what equals the text', () => {
    holds((event) => {
      const value = event.source;
      return Array.from({ length: value.length + 1 }, (_, end) => value.slice(0, end)).every((prefix) =>
        matches({ kind: 'text', field: 'source', operator: 'prefix', value: prefix }, event),
      );
    });
  });
  it('finds an equal text by its prefix', () => {
    holds((event, value) => {
      const find = (operator: 'equals' | 'prefix') =>
        matches({ kind: 'text', field: 'tags', operator, value }, event);
      return !find('equals') || find('prefix');
    });
  });
  it('finds each part of a message, in any case', () => {
    holds((sample) =>
      [...sample.message].every((_, index, letters) => {
        const part = letters.slice(index, index + 3).join('');
        return [part, part.toUpperCase(), fold(part)].every((needle) =>
          matches({ kind: 'contains', text: needle }, sample),
        );
      }),
    );
  });
  it('sees no difference between needle and message in upper and lower case', () => {
    fc.assert(
      fc.property(text, text, (message, needle) => {
        // İ in lower case is two characters to JavaScript, of which one stays.
        fc.pre(!(message + needle).includes('İ'));
        const found = (m: string, n: string) => matches({ kind: 'contains', text: n }, event({ message: m }));
        const expected = found(message, needle);
        return (
          found(message.toUpperCase(), needle) === expected &&
          found(message.toLowerCase(), needle.toUpperCase()) === expected &&
          found(message, needle.toLowerCase()) === expected
        );
      }),
      { numRuns: 2000 },
    );
  });
  it('orders times and severities totally', () => {
    fc.assert(
      fc.property(events, events, fc.constantFrom('severity', 'timestamp' as const), (a, b, field) => {
        const value = field === 'severity' ? b.severity : Math.round(b.timestamp * 1000);
        const test = (operator: '<' | '=' | '>' | '<=' | '>=') =>
          matches({ kind: 'ordered', field, operator, value }, a);
        const exactlyOne = [test('<'), test('='), test('>')].filter(Boolean).length === 1;
        return (
          exactlyOne && test('<=') === (test('<') || test('=')) && test('>=') === (test('>') || test('='))
        );
      }),
    );
  });
});
