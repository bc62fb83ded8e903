import type { IntegerColumn } from '../block/columns';
import { valuesAt } from '../read/row-order';
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

/** Returns those of some rows, in ascending order, whose timestamps are in some minutes. */
export function rowsOfMinutes(
  column: IntegerColumn,
  rows: Uint32Array,
  minutes: ReadonlySet<number>,
): Uint32Array {
  const times = valuesAt(column, rows);
  let start = Infinity;
  let isWanted = false;
  return rows.filter((_, index) => {
    const time = times[index] as number;
    // Neighbours are often in the same minute.
    if (time < start || time >= start + MINUTE_MICROS) {
      const minute = Math.floor(time / MINUTE_MICROS);
      start = minute * MINUTE_MICROS;
      isWanted = minutes.has(minute);
    }
    return isWanted;
  });
}
