import type { TextColumn } from '../column/text-column';
import type { RowSet } from './row-set';
import { rowsWhere, selectRows } from './row-set';

/** The rows of a set whose texts pass a test. Each different text of a dictionary is tested once. */
export function testTexts(column: TextColumn, within: RowSet, test: (text: string) => boolean): RowSet {
  const { length, dictionary } = column;
  if (dictionary === undefined) return selectRows(within, length, (row) => test(column.peek(row)));
  const { texts, indexes } = dictionary;
  const passing = rowsWhere(texts.length, (index) => test(texts.get(index)));
  if (typeof passing === 'string') return passing === 'all' ? within : 'none';
  return selectRows(within, length, (row) => passing[indexes.get(row)] === 1);
}
