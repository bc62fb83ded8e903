import type { EventOrder, EventPosition, SqlCondition } from '@vigilant/core';
import type { Connection, SqlRow, SqlValue } from '../driver';
import { COLUMNS } from './row';

/** Walks the events of a store in one order. */
export interface EventWalk {
  /** Returns the position of the row `count` rows behind another; `undefined` when there are fewer rows. */
  skip(after: EventPosition | undefined, count: number): EventPosition | undefined;
  /** Counts the rows behind a position, up to and including another. */
  count(after: EventPosition | undefined, through: EventPosition | undefined): number;
  /** Reads rows that meet a condition, behind a position, up to and including another. */
  rows(
    after: EventPosition | undefined,
    through: EventPosition | undefined,
    condition: SqlCondition<SqlValue>,
    limit: number,
  ): Iterable<SqlRow>;
}

/** A piece of SQL and the values of its placeholders. */
type Condition = Pick<SqlCondition<SqlValue>, 'sql' | 'parameters'>;

/** How rows are walked in an order. */
const ORDERS = {
  newest: {
    by: 'timestamp DESC, sequence DESC',
    behind: '(timestamp, sequence) < (?, ?)',
    through: '(timestamp, sequence) >= (?, ?)',
  },
  oldest: {
    by: 'timestamp, sequence',
    behind: '(timestamp, sequence) > (?, ?)',
    through: '(timestamp, sequence) <= (?, ?)',
  },
  arrival: { by: 'sequence', behind: 'sequence > ?', through: 'sequence <= ?' },
} as const;

/** Creates a walk over the events with sequences up to `asOf`. */
export function createWalk(connection: Connection, order: EventOrder, asOf: number): EventWalk {
  const { by, behind, through } = ORDERS[order];
  const at = (sql: string, position: EventPosition | undefined): readonly Condition[] => {
    if (position === undefined) return [];
    const { timestamp, sequence } = position;
    return [{ sql, parameters: order === 'arrival' ? [sequence] : [timestamp, sequence] }];
  };
  const between = (
    after: EventPosition | undefined,
    end: EventPosition | undefined,
  ): readonly Condition[] => [...at(behind, after), ...at(through, end)];

  return {
    skip(after, count) {
      // The index alone has what this needs.
      const columns = order === 'arrival' ? '0, sequence' : 'timestamp, sequence';
      const { sql, parameters } = where(between(after, undefined));
      const row = connection
        .prepare(`SELECT ${columns} FROM event ${sql} ORDER BY ${by} LIMIT 1 OFFSET ?`)
        .get(...parameters, count - 1) as [number, number] | undefined;
      return row === undefined ? undefined : { timestamp: row[0], sequence: row[1] };
    },
    count(after, end) {
      const { sql, parameters } = where(between(after, end));
      const row = connection.prepare(`SELECT count(*) FROM event ${sql}`).get(...parameters);
      return Number(row?.[0]);
    },
    rows(after, end, condition, limit) {
      const visible = { sql: 'sequence <= ?', parameters: [asOf] };
      const { sql, parameters } = where([...between(after, end), visible, condition]);
      return connection
        .prepare(`SELECT ${COLUMNS} FROM event ${sql} ORDER BY ${by} LIMIT ?`)
        .iterate(...parameters, limit);
    },
  };
}

function where(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return { sql: '', parameters: [] };
  return {
    sql: `WHERE ${conditions.map(({ sql }) => `(${sql})`).join(' AND ')}`,
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}
