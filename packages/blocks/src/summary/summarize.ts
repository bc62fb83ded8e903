import { LEVELS } from '@vigilant/core';
import type { BlockRow } from '../block/block-row';
import { isPromptTime, timeOfUuid7 } from '../ids/uuid7';
import type { BlockSummary, Bounds, ValueCounts } from './block-summary';
import { MINUTE_MICROS } from './block-summary';
import { MinuteCounter } from './minute-counter';
import { ValueCounter } from './value-counter';

/** Maximum number of different minutes in the summary of a block. */
export const MAX_MINUTES = 1024;
/** Maximum number of different values of a field in a summary. */
export const MAX_VALUES = 256;
/** Maximum number of UTF-16 code units of those values. */
export const MAX_VALUE_UNITS = 8 * 1024;

/** Summarises the rows of a block: at least one, in the order of their sequences. */
export function summarize(rows: readonly BlockRow[]): BlockSummary {
  return {
    count: rows.length,
    firstSequence: (rows[0] as BlockRow).sequence,
    lastSequence: (rows.at(-1) as BlockRow).sequence,
    timestamp: boundsOf(rows, (row) => row.timestamp) as Bounds,
    receivedAt: boundsOf(rows, (row) => row.receivedAt) as Bounds,
    idTimes: boundsOf(rows, promptTimeOf),
    levels: countLevels(rows),
    minutes: countMinutes(rows),
    values: {
      origin: countValues(rows, (row) => row.origin),
      source: countValues(rows, (row) => row.source),
      type: countValues(rows, (row) => row.type),
      group: countValues(rows, (row) => row.group),
      severity: countValues(rows, (row) => row.severity),
      tags: countTags(rows),
    },
  };
}

/** Returns the bounds of the values that are not `undefined`, or `undefined` if there are none. */
function boundsOf(
  rows: readonly BlockRow[],
  valueOf: (row: BlockRow) => number | undefined,
): Bounds | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (const row of rows) {
    const value = valueOf(row);
    if (value === undefined) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? undefined : { min, max };
}

function promptTimeOf({ id, receivedAt }: BlockRow): number | undefined {
  const time = timeOfUuid7(id);
  return time !== undefined && isPromptTime(time, receivedAt) ? time : undefined;
}

function countLevels(rows: readonly BlockRow[]): readonly number[] {
  const counts = LEVELS.map(() => 0);
  for (const { level } of rows) (counts[level] as number) += 1;
  return counts;
}

function countMinutes(rows: readonly BlockRow[]): BlockSummary['minutes'] {
  const counter = new MinuteCounter(MAX_MINUTES);
  for (const { timestamp, level } of rows) counter.add(Math.floor(timestamp / MINUTE_MICROS), level, 1);
  return counter.counts();
}

function countValues(
  rows: readonly BlockRow[],
  valueOf: (row: BlockRow) => string | number,
): ValueCounts | undefined {
  const counter = new ValueCounter<string | number>(MAX_VALUES);
  for (const row of rows) counter.add(valueOf(row));
  const entries = counter.entries();
  return entries && ifSmall(new Map(entries.map(([value, count]) => [String(value), count])));
}

/** Counts an event once for each of its tags. */
function countTags(rows: readonly BlockRow[]): ValueCounts | undefined {
  const lists = new ValueCounter<string>(Infinity);
  for (const { tags } of rows) lists.add(tags);
  const counts = new Map<string, number>();
  for (const [list, count] of lists.entries() ?? []) {
    for (const tag of new Set(JSON.parse(list) as readonly string[]))
      counts.set(tag, (counts.get(tag) ?? 0) + count);
    if (counts.size > MAX_VALUES) return undefined;
  }
  return ifSmall(counts);
}

function ifSmall(counts: ValueCounts): ValueCounts | undefined {
  let units = 0;
  for (const value of counts.keys()) units += value.length;
  return units > MAX_VALUE_UNITS ? undefined : counts;
}
