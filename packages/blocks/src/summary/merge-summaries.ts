import { LEVELS } from '@vigilant/core';
import type { Bounds } from '../bounds';
import type { BlockHeader, BlockSummary, SummaryField, ValueCounts } from './block-summary';
import { MinuteCounter } from './minute-counter';

/** Maximum number of different minutes of a merged summary, which stays in memory. */
const MAX_MERGED_MINUTES = 4096;
/** Maximum number of different values of a field of a merged summary. */
const MAX_MERGED_VALUES = 1024;

/** Describes the events of several blocks: at least one, in the order of their sequences. */
export function mergeHeaders(headers: readonly BlockHeader[]): BlockHeader {
  return {
    count: headers.reduce((sum, { count }) => sum + count, 0),
    firstSequence: (headers[0] as BlockHeader).firstSequence,
    lastSequence: (headers.at(-1) as BlockHeader).lastSequence,
    timestamp: uniteBounds(headers.map(({ timestamp }) => timestamp)),
    receivedAt: uniteBounds(headers.map(({ receivedAt }) => receivedAt)),
    levels: LEVELS.map((_, rank) => headers.reduce((sum, { levels }) => sum + (levels[rank] ?? 0), 0)),
  };
}

/** Summarises the events of several blocks: at least one, in the order of their sequences. */
export function mergeSummaries(summaries: readonly BlockSummary[]): BlockSummary {
  const values = (field: SummaryField) => mergeValues(summaries.map((summary) => summary.values[field]));
  return {
    ...mergeHeaders(summaries),
    minutes: mergeMinutes(summaries),
    values: {
      origin: values('origin'),
      source: values('source'),
      type: values('type'),
      group: values('group'),
      severity: values('severity'),
      tags: values('tags'),
    },
  };
}

function uniteBounds(bounds: readonly Bounds[]): Bounds {
  return {
    min: bounds.reduce((lowest, { min }) => Math.min(lowest, min), Infinity),
    max: bounds.reduce((highest, { max }) => Math.max(highest, max), -Infinity),
  };
}

function mergeMinutes(summaries: readonly BlockSummary[]): BlockSummary['minutes'] {
  const counter = new MinuteCounter(MAX_MERGED_MINUTES);
  for (const { minutes } of summaries) {
    if (minutes === undefined) return undefined;
    minutes.counts.forEach((count, index) => {
      const minute = minutes.minutes[Math.floor(index / LEVELS.length)] as number;
      counter.add(minute, index % LEVELS.length, count);
    });
  }
  return counter.counts();
}

function mergeValues(all: readonly (ValueCounts | undefined)[]): ValueCounts | undefined {
  const merged = new Map<string, number>();
  for (const counts of all) {
    if (counts === undefined) return undefined;
    for (const [value, count] of counts) merged.set(value, (merged.get(value) ?? 0) + count);
    if (merged.size > MAX_MERGED_VALUES) return undefined;
  }
  return merged;
}
