import { LEVELS } from '@vigilant/core';
import type { Bounds } from '../bounds';
import { boundsOf } from '../bounds';
import type { EventColumns } from '../events/event-columns';
import type { ByteTexts } from '../bytes/byte-texts';
import { textAt } from '../bytes/byte-texts';
import type { DistinctTexts } from '../column/distinct-texts';
import type { BlockSummary, ValueCounts } from './block-summary';
import { MINUTE_MICROS } from './block-summary';
import { MinuteCounter } from './minute-counter';
import { ValueCounter } from './value-counter';

/** Maximum number of different minutes in the summary of a block. */
export const MAX_MINUTES = 1024;
/** Maximum number of different values of a field in a summary. */
export const MAX_VALUES = 256;
/** Maximum number of UTF-16 code units of those values. */
const MAX_VALUE_UNITS = 8 * 1024;

/** Summarises the events of a block: at least one, in the order of their sequences. */
export function summarize(columns: EventColumns): BlockSummary {
  const { sequence, timestamp, receivedAt, level, severity } = columns.fields;
  return {
    count: columns.count,
    firstSequence: sequence[0] as number,
    lastSequence: sequence.at(-1) as number,
    timestamp: boundsOf(timestamp) as Bounds,
    receivedAt: boundsOf(receivedAt) as Bounds,
    levels: countLevels(level),
    minutes: countMinutes(timestamp, level),
    values: {
      origin: countTexts(columns.distinct('origin')),
      source: countTexts(columns.distinct('source')),
      type: countTexts(columns.distinct('type')),
      group: countTexts(columns.distinct('group')),
      severity: countIntegers(severity),
      tags: countTags(columns.distinct('tags')),
    },
  };
}

function countLevels(level: Float64Array): readonly number[] {
  const counts = LEVELS.map(() => 0);
  for (let row = 0; row < level.length; row++) (counts[level[row] as number] as number) += 1;
  return counts;
}

function countMinutes(timestamp: Float64Array, level: Float64Array): BlockSummary['minutes'] {
  const counter = new MinuteCounter(MAX_MINUTES);
  for (let row = 0; row < timestamp.length; row++)
    counter.add(Math.floor((timestamp[row] as number) / MINUTE_MICROS), level[row] as number, 1);
  return counter.counts();
}

function countIntegers(values: Float64Array): ValueCounts | undefined {
  const counter = new ValueCounter<number>(MAX_VALUES);
  for (let row = 0; row < values.length; row++) counter.add(values[row] as number);
  const entries = counter.entries();
  return entries && ifSmall(new Map(entries.map(([value, count]) => [String(value), count])));
}

function countTexts(distinct: DistinctTexts): ValueCounts | undefined {
  if (distinct.texts.starts.length > MAX_VALUES) return undefined;
  const counts = usesOf(distinct);
  return ifSmall(new Map(stringsOf(distinct.texts).map((text, index) => [text, counts[index] as number])));
}

/** Counts an event once for each of its tags. */
function countTags(lists: DistinctTexts): ValueCounts | undefined {
  const counts = new Map<string, number>();
  const uses = usesOf(lists);
  for (const [index, list] of stringsOf(lists.texts).entries()) {
    for (const tag of new Set(JSON.parse(list) as readonly string[]))
      counts.set(tag, (counts.get(tag) ?? 0) + (uses[index] as number));
    if (counts.size > MAX_VALUES) return undefined;
  }
  return ifSmall(counts);
}

/** Returns how often each text is used. */
function usesOf({ texts, indexes }: DistinctTexts): Uint32Array {
  const uses = new Uint32Array(texts.starts.length);
  for (let row = 0; row < indexes.length; row++) (uses[indexes[row] as number] as number) += 1;
  return uses;
}

function stringsOf(texts: ByteTexts): string[] {
  return Array.from(texts.starts, (_, index) => textAt(texts, index));
}

function ifSmall(counts: ValueCounts): ValueCounts | undefined {
  let units = 0;
  for (const value of counts.keys()) units += value.length;
  return units > MAX_VALUE_UNITS ? undefined : counts;
}
