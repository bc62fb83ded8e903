import type { EventOrder, EventPosition } from '@vigilant/core';
import type { TimestampRange } from '@vigilant/core/adapter';
import type { BlockHeader } from '../summary/block-summary';

/** An order of events, as seen by a walk: where a position lies, and when a block must be opened. */
export interface WalkOrder {
  /** Returns a negative number if the first position comes before the second one in the order. */
  compare(a: EventPosition, b: EventPosition): number;
  /** Returns a position that is before or at the first row of a block. */
  startOf(header: BlockHeader): EventPosition;
  /** Returns a position that is at or after the last row of a block. */
  endOf(header: BlockHeader): EventPosition;
  readonly isReversed: boolean;
  readonly isByTime: boolean;
}

const byTime = (a: EventPosition, b: EventPosition): number =>
  a.timestamp - b.timestamp || a.sequence - b.sequence;

const earliest = ({ timestamp, firstSequence }: BlockHeader): EventPosition => ({
  timestamp: timestamp.min,
  sequence: firstSequence,
});

const latest = ({ timestamp, lastSequence }: BlockHeader): EventPosition => ({
  timestamp: timestamp.max,
  sequence: lastSequence,
});

const ORDERS: Readonly<Record<EventOrder, WalkOrder>> = {
  oldest: { compare: byTime, startOf: earliest, endOf: latest, isReversed: false, isByTime: true },
  newest: {
    compare: (a, b) => byTime(b, a),
    startOf: latest,
    endOf: earliest,
    isReversed: true,
    isByTime: true,
  },
  arrival: {
    compare: (a, b) => a.sequence - b.sequence,
    startOf: ({ firstSequence }) => ({ timestamp: 0, sequence: firstSequence }),
    endOf: ({ lastSequence }) => ({ timestamp: 0, sequence: lastSequence }),
    isReversed: false,
    isByTime: false,
  },
};

/** Returns the rules of an order. */
export function walkOrder(order: EventOrder): WalkOrder {
  return ORDERS[order];
}

/** Returns whether the timestamps of a block and a range overlap. */
export function overlaps({ timestamp }: BlockHeader, { from, until }: TimestampRange): boolean {
  return timestamp.max >= (from ?? -Infinity) && timestamp.min < (until ?? Infinity);
}
