import type { CountField, Event, Facet, FacetQuery } from '@vigilant/core';
import type { FieldCounter } from '@vigilant/core/adapter';
import { createFieldCounter, createValueReader } from '@vigilant/core/adapter';
import type { BlockCounter, Minutes, RowsToCount } from './block-counter';
import { countsOf } from './block-counter';
import type { CodedColumn } from './code-builder';
import type { CodeReader } from './coded-column';
import { createCodeReader } from './coded-column';
import type { Block } from '../read/block';
import { rowsIn } from '../read/row-order';
import type { RowSet } from '../read/row-set';
import type { ClassTest, KnownFacts } from './class-test';
import { compileClassTest } from './class-test';

/** Counts the values of fields. */
export interface FacetCounter extends BlockCounter {
  /** Returns the most frequent values of each field. @param isComplete - Whether all events were counted. */
  facets(isComplete: boolean): Facet[];
}

/** The parts of a query that a counter uses. */
type CountedFacets = Pick<FacetQuery, 'filter' | 'fields' | 'limit'>;

/** Creates a counter for a query. @param query - Its filter has no relative times and no parts of later versions. */
export function createFacetCounter(query: CountedFacets): FacetCounter {
  return new SealedFacets(query);
}

/** A field, and how its values are read and counted. */
interface CountedField {
  readonly field: CountField;
  readonly counter: FieldCounter;
  readonly readCodes: CodeReader;
  readonly valuesOf: (event: Event) => readonly string[];
}

class SealedFacets implements FacetCounter {
  readonly #limit: number;
  readonly #test: ClassTest;
  readonly #fields: readonly CountedField[];

  constructor({ filter, fields, limit }: CountedFacets) {
    this.#limit = limit;
    this.#test = compileClassTest(filter);
    this.#fields = fields.map((field) => ({
      field,
      counter: createFieldCounter(field),
      readCodes: createCodeReader(field),
      valuesOf: createValueReader(field),
    }));
  }

  addSummary(summary: KnownFacts): Minutes {
    const { timestamp, count: all } = summary;
    const levels: number[] = [];
    for (const [level, count] of summary.levels.entries()) {
      const matches = count > 0 && this.#test({ level, timestamp, summary });
      if (matches === undefined) return 'all';
      levels.push(matches ? count : 0);
    }
    const matching = levels.reduce((sum, count) => sum + count, 0);
    if (matching === 0) return 'none';
    const counts = this.#fields.map(({ field }) => countsOf(field, summary, levels, matching === all));
    if (counts.includes(undefined)) return 'all';
    this.#fields.forEach(({ counter }, index) => addAll(counter, counts[index] ?? []));
    return 'none';
  }

  addRows(block: Block, rows: RowSet, { summary }: RowsToCount): void {
    if (rows === 'none') return;
    const listed = rowsIn(rows, block.header.count);
    for (const { field, counter, readCodes } of this.#fields) {
      const counts = rows === 'all' ? countsOf(field, summary ?? {}, block.header.levels, true) : undefined;
      if (counts === undefined) addCodes(counter, readCodes(block, listed));
      else addAll(counter, counts);
    }
  }

  addEvent(event: Event): void {
    for (const { counter, valuesOf } of this.#fields)
      for (const value of valuesOf(event)) counter.add(value, 1);
  }

  facets(isComplete: boolean): Facet[] {
    return this.#fields.map(({ counter }) => counter.facet(this.#limit, isComplete));
  }
}

function addAll(counter: FieldCounter, counts: Iterable<readonly [value: string, count: number]>): void {
  for (const [value, count] of counts) counter.add(value, count);
}

function addCodes(counter: FieldCounter, { codes, values }: CodedColumn): void {
  const counts = new Uint32Array(values.length);
  for (let at = 0; at < codes.length; at++) (counts[codes[at] as number] as number) += 1;
  counts.forEach((count, code) => {
    if (count > 0) counter.add(values[code] as string, count);
  });
}
