import type { Event, Filter } from '@vigilant/core';
import { sampleEvent } from '../samples';

/** What the filter property draws. */
export interface FilterExample {
  readonly events: Event[];
  readonly filter: Filter;
}

/** Inputs that told an adapter from the matcher once; tried before any that are drawn. */
export const FILTER_EXAMPLES: readonly FilterExample[] = [
  // LIKE ignores case in ASCII, and takes these for wildcards.
  {
    events: [sampleEvent({ origin: 'A%' }), sampleEvent({ origin: 'ab' })],
    filter: { kind: 'text', field: 'origin', operator: 'prefix', value: 'a%' },
  },
  // A text function of the database ends at NUL.
  { events: [sampleEvent({ message: 'a\0b' })], filter: { kind: 'contains', text: '\0b' } },
  // The database's own lower() knows ASCII alone.
  { events: [sampleEvent({ message: 'İ' })], filter: { kind: 'contains', text: 'ı' } },
  // A JSON path function does not see a key with a dot, or takes a quote in a key for its end.
  {
    events: [sampleEvent({ data: { 'a.b': 1 } })],
    filter: { kind: 'data', path: ['a', 'b'], test: { operator: 'present' } },
  },
  {
    events: [sampleEvent({ data: { 'a"b': 1 } })],
    filter: { kind: 'data', path: ['a"b'], test: { operator: 'present' } },
  },
  // Three-valued logic makes the complement of an unknown unknown.
  {
    events: [sampleEvent({ data: {} })],
    filter: { kind: 'not', filter: { kind: 'data', path: ['a'], test: { operator: '>', number: 5 } } },
  },
  // true is 1 to some databases.
  {
    events: [sampleEvent({ data: { a: true } })],
    filter: { kind: 'data', path: ['a'], test: { operator: '>', number: 0 } },
  },
  {
    events: [sampleEvent({ data: { a: 1 } })],
    filter: { kind: 'data', path: ['a'], test: { operator: 'equals', text: 'true', literal: true } },
  },
];
