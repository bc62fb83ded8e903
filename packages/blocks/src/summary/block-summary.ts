import type { Bounds } from '../bounds';

/** Fields whose values a summary counts. */
export const SUMMARY_FIELDS = ['origin', 'source', 'type', 'group', 'severity', 'tags'] as const;

/** A field whose values a summary counts. */
export type SummaryField = (typeof SUMMARY_FIELDS)[number];

/** Microseconds of a minute. */
export const MINUTE_MICROS = 60_000_000;

/** Number of events for each minute and level. Minutes without events are left out. */
export interface MinuteCounts {
  /** Minutes since the epoch in ascending order. */
  readonly minutes: Int32Array;
  /** For each minute, the count of each level. */
  readonly counts: Uint32Array;
}

/** Number of events for each value of a field, as text. An event with several values counts for each of them. */
export type ValueCounts = ReadonlyMap<string, number>;

/** Facts about a block that a store keeps in memory, to select the blocks that a query reads. */
export interface BlockHeader {
  readonly count: number;
  /** Sequence of the first event, or of an earlier one that was pruned. It identifies the block. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** In integer microseconds, as is `receivedAt`. */
  readonly timestamp: Bounds;
  readonly receivedAt: Bounds;
  /** Number of events of each level, by rank. */
  readonly levels: readonly number[];
}

/** Facts about the events of a block that answer some queries without reading its columns. */
export interface BlockSummary extends BlockHeader {
  /** `undefined` if the block covers too many different minutes. */
  readonly minutes: MinuteCounts | undefined;
  /** `undefined` for a field with too many different values. */
  readonly values: Readonly<Record<SummaryField, ValueCounts | undefined>>;
}
