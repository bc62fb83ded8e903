import type { Event, Histogram, HistogramQuery } from '@vigilant/core';
import { LEVELS } from '@vigilant/core';
import type { BucketCounter } from '@vigilant/core/adapter';
import { createBucketCounter, createValueReader, toMicros } from '@vigilant/core/adapter';
import type { Bounds } from '../bounds';
import { MINUTE_MICROS } from '../summary/block-summary';
import type { BlockCounter, Minutes, RowsToCount } from './block-counter';
import { countsOf } from './block-counter';
import type { ClassTest, KnownFacts } from './class-test';
import { compileClassTest } from './class-test';
import type { CodedColumn } from './code-builder';
import type { CodeReader } from './coded-column';
import { createCodeReader } from './coded-column';
import { withinRange } from './range-filter';
import type { Block } from '../read/block';
import type { RowSet } from '../read/row-set';
import { rowsIn, valuesAt } from '../read/row-order';
import { rowsOfMinutes } from './minute-rows';

/** Maximum number of counters for the buckets and values of one block. If it needs more, its rows are counted one by one. */
const MAX_BLOCK_COUNTERS = 2 ** 16;

/** Counts the values of a field per bucket of time. Events outside the range of the query are not counted. */
export interface HistogramCounter extends BlockCounter {
  /** Returns the buckets. @param isComplete - Whether all events were counted. */
  histogram(isComplete: boolean): Pick<Histogram, 'buckets' | 'exact'>;
}

/** The parts of a query that a counter uses. */
type CountedBuckets = Pick<HistogramQuery, 'filter' | 'from' | 'until' | 'bucketMicros' | 'by' | 'limit'>;

/** Creates a counter for a query. @param query - Its filter has no relative times and no parts of later versions. */
export function createHistogramCounter(query: CountedBuckets): HistogramCounter {
  return new SealedHistogram(query);
}

/** Counts by bucket from the minutes of a summary. */
interface CountedMinutes {
  /** The counts of each level by index of the bucket. */
  readonly buckets: Map<number, number[]>;
  /** Number of minutes that were counted, or do not match. */
  readonly decided: number;
  /** The minutes that were not counted. */
  readonly undecided: ReadonlySet<number>;
}

class SealedHistogram implements HistogramCounter {
  readonly #query: CountedBuckets;
  readonly #counter: BucketCounter = createBucketCounter();
  /** Tests the range and the filter. */
  readonly #test: ClassTest;
  readonly #readCodes: CodeReader;
  readonly #valuesOf: (event: Event) => readonly string[];

  constructor(query: CountedBuckets) {
    const { filter, by } = query;
    this.#query = query;
    this.#test = compileClassTest(withinRange(query, filter));
    this.#readCodes = createCodeReader(by);
    this.#valuesOf = createValueReader(by);
  }

  addSummary(summary: KnownFacts): Minutes {
    const { timestamp, levels } = summary;
    const matches = levels.map((count, level) => count > 0 && this.#test({ level, timestamp, summary }));
    if (matches.every((each) => each === false)) return 'none';
    const index = matches.includes(undefined) ? undefined : this.#commonIndex(timestamp);
    if (index === undefined) return this.#addMinutes(summary, matches);
    const matching = levels.map((count, level) => (matches[level] === true ? count : 0));
    const isWhole = matching.every((count, level) => count === levels[level]);
    const counts = countsOf(this.#query.by, summary, matching, isWhole);
    if (counts === undefined) return 'all';
    this.#addAll(index, counts);
    return 'none';
  }

  addRows(block: Block, rows: RowSet, { minutes = 'all' }: RowsToCount): void {
    const { from, until } = this.#query;
    const { min, max } = block.header.timestamp;
    if (rows === 'none' || max < from || min >= until) return;
    const found = rowsIn(rows, block.header.count);
    const left =
      typeof minutes === 'string'
        ? found
        : block.read('timestamp', (column) => rowsOfMinutes(column, found, minutes));
    if (left.length > 0) this.#addLeft(block, left);
  }

  addEvent(event: Event): void {
    this.#addOne(toMicros(event.timestamp), this.#valuesOf(event));
  }

  histogram(isComplete: boolean): Pick<Histogram, 'buckets' | 'exact'> {
    const exact = isComplete && !this.#counter.isFull;
    return { buckets: this.#counter.buckets(this.#query.limit), exact };
  }

  /** Counts some rows of a block. */
  #addLeft(block: Block, rows: Uint32Array): void {
    const { from, until } = this.#query;
    const { min, max } = block.header.timestamp;
    const coded = this.#readCodes(block, rows);
    const times = block.read('timestamp', (column) => valuesAt(column, rows));
    const first = this.#indexOf(Math.max(min, from));
    const last = this.#indexOf(Math.min(max, until - 1));
    /** For each bucket a counter for each value, and one for the events with any number of values. */
    const width = coded.values.length + 1;
    const size = (last - first + 1) * width;
    const counts = size > MAX_BLOCK_COUNTERS ? undefined : new Uint32Array(size);
    for (let index = 0; index < times.length; index++) {
      const time = times[index] as number;
      if (time < from || time >= until) continue;
      if (counts === undefined) this.#addOne(time, valuesIn(coded, index));
      else countRow(counts, (this.#indexOf(time) - first) * width, coded, index);
    }
    if (counts !== undefined) this.#addCounts(counts, first, coded.values);
  }

  /** Counts the minutes of a summary of which enough is known, unless they are fewer than the others. */
  #addMinutes(summary: KnownFacts, matches: readonly (boolean | undefined)[]): Minutes {
    const counted = this.#countMinutes(summary, matches);
    if (counted === undefined || counted.undecided.size > counted.decided) return 'all';
    this.#addLevels(counted.buckets);
    return counted.undecided.size === 0 ? 'none' : counted.undecided;
  }

  /**
   * Counts the levels of a block from its minutes. Those that are not in one bucket, or only partly match, are undecided.
   * Returns `undefined` if the counts by minute are not enough.
   *
   * @param matches - Whether the events of each level match, if that is the same for all minutes.
   */
  #countMinutes(summary: KnownFacts, matches: readonly (boolean | undefined)[]): CountedMinutes | undefined {
    if (this.#query.by.name !== 'level' || summary.minutes === undefined) return undefined;
    const { minutes, counts } = summary.minutes;
    const buckets = new Map<number, number[]>();
    const undecided = new Set<number>();
    for (let at = 0; at < minutes.length; at++) {
      const minute = minutes[at] as number;
      const timestamp = partInMinute(minute, summary.timestamp);
      const isMatch = LEVELS.map((_, level) => {
        const hasEvents = (counts[at * LEVELS.length + level] as number) > 0;
        return hasEvents && (matches[level] ?? this.#test({ level, timestamp, summary }));
      });
      if (isMatch.every((each) => each === false)) continue;
      const index = isMatch.includes(undefined) ? undefined : this.#commonIndex(timestamp);
      if (index === undefined) {
        undecided.add(minute);
        continue;
      }
      const levels = buckets.get(index) ?? LEVELS.map(() => 0);
      buckets.set(index, levels);
      isMatch.forEach((each, level) => {
        if (each === true) (levels[level] as number) += counts[at * LEVELS.length + level] as number;
      });
    }
    return { buckets, undecided, decided: minutes.length - undecided.size };
  }

  #addLevels(buckets: CountedMinutes['buckets']): void {
    for (const [index, levels] of buckets)
      this.#addAll(
        index,
        LEVELS.flatMap((level, rank) => {
          const count = levels[rank] as number;
          return count > 0 ? [[level, count] as const] : [];
        }),
      );
  }

  #addCounts(counts: Uint32Array, first: number, values: readonly string[]): void {
    const width = values.length + 1;
    for (let start = 0; start < counts.length; start += width) {
      if (counts[start + width - 1] === 0) continue;
      const ofBucket = values.map((value, code) => [value, counts[start + code] as number] as const);
      this.#addAll(
        first + start / width,
        ofBucket.filter(([, count]) => count > 0),
      );
    }
  }

  #addOne(micros: number, values: readonly string[]): void {
    const { from, until } = this.#query;
    if (micros < from || micros >= until) return;
    this.#addAll(
      this.#indexOf(micros),
      values.map((value) => [value, 1] as const),
    );
  }

  #addAll(index: number, counts: Iterable<readonly [value: string, count: number]>): void {
    const { from, bucketMicros } = this.#query;
    const bucket = this.#counter.bucket(from + index * bucketMicros);
    for (const [value, count] of counts) bucket.add(value, count);
  }

  /** Returns the index of the bucket that contains all times within bounds, or `undefined`. */
  #commonIndex({ min, max }: Bounds): number | undefined {
    if (min < this.#query.from || max >= this.#query.until) return undefined;
    const index = this.#indexOf(min);
    return index === this.#indexOf(max) ? index : undefined;
  }

  #indexOf(micros: number): number {
    return Math.floor((micros - this.#query.from) / this.#query.bucketMicros);
  }
}

/** Returns the part of the bounds that lies in a minute. */
function partInMinute(minute: number, { min, max }: Bounds): Bounds {
  const start = minute * MINUTE_MICROS;
  return { min: Math.max(min, start), max: Math.min(max, start + MINUTE_MICROS - 1) };
}

/** Counts the codes of a row, and the row. @param start - Where the counters of its bucket start. */
function countRow(counts: Uint32Array, start: number, column: CodedColumn, index: number): void {
  const { codes, values } = column;
  const end = endOf(column, index);
  for (let at = startOf(column, index); at < end; at++)
    (counts[start + (codes[at] as number)] as number) += 1;
  (counts[start + values.length] as number) += 1;
}

function valuesIn(column: CodedColumn, index: number): string[] {
  const { codes, values } = column;
  const found: string[] = [];
  const end = endOf(column, index);
  for (let at = startOf(column, index); at < end; at++) found.push(values[codes[at] as number] as string);
  return found;
}

/** Returns the index of the first code of a row. */
function startOf({ starts }: CodedColumn, index: number): number {
  return starts === undefined ? index : (starts[index] as number);
}

function endOf({ starts }: CodedColumn, index: number): number {
  return starts === undefined ? index + 1 : (starts[index + 1] as number);
}
