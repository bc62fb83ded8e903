import type { TextColumn } from '../column/text-column';
import type { RowSet } from './row-set';
import { selectRows } from './row-set';
import { passingCodes, selectCodes } from './select-codes';

/** Returns the rows of a set whose texts pass a test. Each different text of a dictionary is tested once. */
export function testTexts(column: TextColumn, within: RowSet, test: (text: string) => boolean): RowSet {
  const { length, dictionary } = column;
  if (dictionary === undefined) return selectRows(within, length, (row) => test(column.peek(row)));
  const { texts, indexes } = dictionary;
  const passing = passingCodes(texts.length, (code) => test(texts.get(code)));
  if (!passing.includes(1)) return 'none';
  return passing.includes(0) ? selectCodes(indexes, within, passing) : within;
}
