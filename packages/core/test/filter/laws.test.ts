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

/** Checks that two filters match the same events. */
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

describe('a filter', () => {
  it('equals its double negation', () => same((a) => [not(not(a)), a]));
  it("obeys De Morgan's laws", () => {
    same((a, b) => [not(and(a, b)), or(not(a), not(b))]);
    same((a, b) => [not(or(a, b)), and(not(a), not(b))]);
  });
  it('does not depend on the order of its parts', () => {
    same((a, b) => [and(a, b), and(b, a)]);
    same((a, b) => [or(a, b), or(b, a)]);
  });
  it('does not depend on the grouping of its parts', () => {
    same((a, b, c) => [and(a, and(b, c)), and(a, b, c)]);
    same((a, b, c) => [or(a, or(b, c)), or(a, b, c)]);
  });
  it('obeys the distributive laws', () => same((a, b, c) => [and(a, or(b, c)), or(and(a, b), and(a, c))]));
  it('obeys the absorption laws', () => same((a, b) => [or(a, and(a, b)), a]));
  it('matches every event with an empty "and", and none with an empty "or"', () => {
    same((a) => [and(a, and()), a]);
    same((a) => [or(a, or()), a]);
  });
  it('matches exactly the events that its negation does not match', () => {
    same((a) => [or(a, not(a)), and()]);
    same((a) => [and(a, not(a)), or()]);
  });
  it('matches the same events in its canonical form', () => same((a) => [canonicalFilter(a), a]));

  it('matches "present" if the text is not empty', () => {
    for (const field of ['origin', 'source', 'type', 'group', 'message'] as const) {
      holds((event) => {
        const isEmpty = matches({ kind: 'text', field, operator: 'equals', value: '' }, event);
        return matches({ kind: 'present', field }, event) === !isEmpty;
      });
    }
  });
  it('matches every prefix of an equal text', () => {
    holds((event) => {
      const value = event.source;
      return Array.from({ length: value.length + 1 }, (_, end) => value.slice(0, end)).every((prefix) =>
        matches({ kind: 'text', field: 'source', operator: 'prefix', value: prefix }, event),
      );
    });
  });
  it('matches an equal text with a prefix', () => {
    holds((event, value) => {
      const find = (operator: 'equals' | 'prefix') =>
        matches({ kind: 'text', field: 'tags', operator, value }, event);
      return !find('equals') || find('prefix');
    });
  });
  it('matches every part of a message, ignoring case', () => {
    holds((sample) =>
      [...sample.message].every((_, index, letters) => {
        const part = letters.slice(index, index + 3).join('');
        return [part, part.toUpperCase(), fold(part)].every((needle) =>
          matches({ kind: 'contains', text: needle }, sample),
        );
      }),
    );
  });
  it('matches regardless of the case of the word and of the message', () => {
    fc.assert(
      fc.property(text, text, (message, needle) => {
        // The lower case of İ in JavaScript has two characters.
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
