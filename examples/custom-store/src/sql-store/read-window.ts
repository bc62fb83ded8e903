import type Database from 'better-sqlite3';
import { timeRangeOf } from '@vigilant/core/adapter';
import type { ScanWindow, SqlCondition, WindowEnd } from '@vigilant/core/adapter';
import type { EventPosition, EventQuery, StoredEvent } from '@vigilant/core';
import type { Value } from './dialect';
import { COLUMNS, readRow } from './tables';

/** How each order sorts, and the condition of the rows after a position, which consists of integers. */
const ORDERS = {
  newest: {
    by: 'timestamp DESC, sequence DESC',
    isAfter: (p: EventPosition) => `(timestamp, sequence) < (${p.timestamp}, ${p.sequence})`,
  },
  oldest: {
    by: 'timestamp, sequence',
    isAfter: (p: EventPosition) => `(timestamp, sequence) > (${p.timestamp}, ${p.sequence})`,
  },
  arrival: { by: 'sequence', isAfter: (p: EventPosition) => `sequence > ${p.sequence}` },
};

/** Examines the rows of a window in one statement, so that rows that another process appends cannot shift it. */
export function readWindow(
  database: Database.Database,
  { filter, order }: EventQuery,
  condition: SqlCondition<Value>,
  { after, asOf, size, offer }: ScanWindow<StoredEvent>,
): WindowEnd {
  const { by, isAfter } = ORDERS[order];
  const { from = -Infinity, until = Infinity } = timeRangeOf(filter);
  const bounds = ['timestamp >= ?', 'timestamp < ?', after === undefined ? '1' : isAfter(after)];
  const positions = database
    .prepare(
      `SELECT timestamp, sequence, sequence <= ? AND (${condition.sql}) FROM event
      WHERE ${bounds.join(' AND ')} ORDER BY ${by} LIMIT ?`,
    )
    .raw()
    .all(asOf, ...condition.parameters, from, until, size) as [number, number, number][];
  // A database on a server would read many rows in one statement.
  const statement = database.prepare(`SELECT ${COLUMNS} FROM event WHERE sequence = ?`).raw();
  const scanned = positions.length;
  for (const [timestamp, sequence, isCandidate] of positions) {
    const row = isCandidate === 1 ? statement.get(sequence) : undefined;
    // A row that was pruned meanwhile is absent.
    if (row !== undefined && !offer(readRow(row))) return { end: { timestamp, sequence }, scanned };
  }
  const [timestamp, sequence] = positions.at(-1) ?? [0, 0];
  return { end: scanned < size ? undefined : { timestamp, sequence }, scanned };
}
