import type { EventOrder, EventPosition } from '@vigilant/core';
import type { SqlCondition, TimestampRange } from '@vigilant/core/adapter';
import type { SqliteConnection, SqlRow, SqlValue } from '../sqlite/driver';
import { COLUMNS } from './row';

/** Walks the events of a store in one order. */
export interface EventWalk {
  /** Returns the position `count` rows after another; `undefined` if fewer rows follow. */
  skip(after: EventPosition | undefined, count: number): EventPosition | undefined;
  /** Counts the rows after a position, up to and including another. */
  count(after: EventPosition | undefined, through: EventPosition | undefined): number;
  /** Reads the rows that meet a condition after a position, up to and including another. */
  rows(
    after: EventPosition | undefined,
    through: EventPosition | undefined,
    condition: SqlCondition<SqlValue>,
    limit: number,
  ): Iterable<SqlRow>;
}

/** A piece of SQL and the values of its placeholders. */
type Condition = Pick<SqlCondition<SqlValue>, 'sql' | 'parameters'>;

const ANY: Condition = { sql: '1', parameters: [] };

const BY_TIME = {
  newest: {
    by: 'timestamp DESC, sequence DESC',
    after: '(timestamp, sequence) < (?, ?)',
    through: '(timestamp, sequence) >= (?, ?)',
  },
  oldest: {
    by: 'timestamp, sequence',
    after: '(timestamp, sequence) > (?, ?)',
    through: '(timestamp, sequence) <= (?, ?)',
  },
} as const;

/** The conditions that begin a walk after a position and end it at another. An index answers each of them. */
interface Bounds {
  readonly by: string;
  /** Columns of a position. */
  readonly columns: string;
  begin(after: EventPosition | undefined): Condition;
  end(through: EventPosition | undefined): Condition;
}

/**
 * Creates a walk over the events with sequences up to `asOf`.
 *
 * A walk by time stays within the range of timestamps. A walk by arrival visits all rows, as their order does not follow the time.
 */
export function createWalk(
  connection: SqliteConnection,
  order: EventOrder,
  asOf: number,
  range: TimestampRange,
): EventWalk {
  const { by, columns, begin, end } = order === 'arrival' ? byArrival(asOf) : byTime(order, range);
  return {
    skip(after, count) {
      // The index alone answers this.
      const { sql, parameters } = where([begin(after), end(undefined)]);
      const row = connection
        .prepare(`SELECT ${columns} FROM event ${sql} ORDER BY ${by} LIMIT 1 OFFSET ?`)
        .get(...parameters, count - 1) as [number, number] | undefined;
      return row === undefined ? undefined : { timestamp: row[0], sequence: row[1] };
    },
    count(after, through) {
      const { sql, parameters } = where([begin(after), end(through)]);
      const row = connection.prepare(`SELECT count(*) FROM event ${sql}`).get(...parameters);
      return Number(row?.[0]);
    },
    rows(after, through, condition, limit) {
      // The plus keeps SQLite from walking by sequence instead.
      const visible = { sql: '+sequence <= ?', parameters: [asOf] };
      const { sql, parameters } = where([begin(after), end(through), visible, condition]);
      // With a bare parameter as the limit, SQLite prepares the statement again for each value.
      return connection
        .prepare(`SELECT ${COLUMNS} FROM event ${sql} ORDER BY ${by} LIMIT ? + 0`)
        .iterate(...parameters, limit);
    },
  };
}

function byTime(order: 'newest' | 'oldest', { from, until }: TimestampRange): Bounds {
  const { by, after, through } = BY_TIME[order];
  const lower = from === undefined ? ANY : { sql: 'timestamp >= ?', parameters: [from] };
  const upper = until === undefined ? ANY : { sql: 'timestamp < ?', parameters: [until] };
  const [first, last] = order === 'newest' ? [upper, lower] : [lower, upper];
  const isBefore = ({ timestamp }: EventPosition): boolean =>
    order === 'newest' ? timestamp >= (until ?? Infinity) : timestamp < (from ?? -Infinity);
  const at = (sql: string, { timestamp, sequence }: EventPosition): Condition => ({
    sql,
    parameters: [timestamp, sequence],
  });
  return {
    by,
    columns: 'timestamp, sequence',
    // A position within the range is the narrower bound.
    begin: (position) => (position === undefined || isBefore(position) ? first : at(after, position)),
    end: (position) => (position === undefined ? last : at(through, position)),
  };
}

function byArrival(asOf: number): Bounds {
  return {
    by: 'sequence',
    columns: '0, sequence',
    begin: (position) =>
      position === undefined ? ANY : { sql: 'sequence > ?', parameters: [position.sequence] },
    end: (position) => ({ sql: 'sequence <= ?', parameters: [position?.sequence ?? asOf] }),
  };
}

function where(conditions: readonly Condition[]): Condition {
  return {
    sql: `WHERE ${conditions.map(({ sql }) => `(${sql})`).join(' AND ')}`,
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}
