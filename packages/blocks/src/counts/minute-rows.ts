import type { IntegerColumn } from '../block/columns';
import type { RowSet } from '../read/row-set';
import { hasRow } from '../read/row-set';
import type { BlockHeader } from '../summary/block-summary';
import { MINUTE_MICROS } from '../summary/block-summary';

/** Returns whether a block may have events in some minutes. */
export function hasMinute({ timestamp }: BlockHeader, minutes: ReadonlySet<number>): boolean {
  for (const minute of minutes) {
    const start = minute * MINUTE_MICROS;
    if (timestamp.max >= start && timestamp.min < start + MINUTE_MICROS) return true;
  }
  return false;
}

/** Returns the numbers of the rows of a set whose timestamps are in some minutes. */
export function rowsOfMinutes(
  column: IntegerColumn,
  within: RowSet,
  minutes: ReadonlySet<number>,
): Uint32Array {
  const times = column.slice(0, column.length);
  const rows: number[] = [];
  let start = Infinity;
  let isWanted = false;
  for (let row = 0; row < times.length; row++) {
    const time = times[row] as number;
    // Neighbours are often of one minute.
    if (time < start || time >= start + MINUTE_MICROS) {
      const minute = Math.floor(time / MINUTE_MICROS);
      start = minute * MINUTE_MICROS;
      isWanted = minutes.has(minute);
    }
    if (isWanted && hasRow(within, row)) rows.push(row);
  }
  return Uint32Array.from(rows);
}
