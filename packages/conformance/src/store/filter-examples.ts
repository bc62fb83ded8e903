import type { Event, Filter } from '@vigilant/core';
import { sampleEvent } from '../samples';

/** Input of the filter property. */
export interface FilterExample {
  readonly events: Event[];
  readonly filter: Filter;
}

/** Inputs for which an adapter once differed from the matcher. They are checked before generated ones. */
export const FILTER_EXAMPLES: readonly FilterExample[] = [
  // LIKE ignores case in ASCII and treats these as wildcards.
  {
    events: [sampleEvent({ origin: 'A%' }), sampleEvent({ origin: 'ab' })],
    filter: { kind: 'text', field: 'origin', operator: 'prefix', value: 'a%' },
  },
  // Text functions of some databases stop at NUL.
  { events: [sampleEvent({ message: 'a\0b' })], filter: { kind: 'contains', text: '\0b' } },
  // lower() of some databases supports only ASCII.
  { events: [sampleEvent({ message: 'İ' })], filter: { kind: 'contains', text: 'ı' } },
  // JSON path functions split a key at a dot, or end it at a quote.
  {
    events: [sampleEvent({ data: { 'a.b': 1 } })],
    filter: { kind: 'data', path: ['a', 'b'], test: { operator: 'present' } },
  },
  {
    events: [sampleEvent({ data: { 'a"b': 1 } })],
    filter: { kind: 'data', path: ['a"b'], test: { operator: 'present' } },
  },
  // In three-valued logic the complement of unknown is unknown.
  {
    events: [sampleEvent({ data: {} })],
    filter: { kind: 'not', filter: { kind: 'data', path: ['a'], test: { operator: '>', number: 5 } } },
  },
  // In some databases, true is 1.
  {
    events: [sampleEvent({ data: { a: true } })],
    filter: { kind: 'data', path: ['a'], test: { operator: '>', number: 0 } },
  },
  {
    events: [sampleEvent({ data: { a: 1 } })],
    filter: { kind: 'data', path: ['a'], test: { operator: 'equals', text: 'true', literal: true } },
  },
];
