import type { TextColumn, TextTemplates } from '../column/text-column';
import type { RowSet } from './row-set';
import { selectRows } from './row-set';
import { passingCodes, selectCodes } from './select-codes';

/** Whether the texts of a template pass a test; `undefined` if that depends on the text. */
export type Verdict = boolean | undefined;

/**
 * Returns the rows of a set whose texts pass a test. A text is decoded only if its template has no verdict.
 *
 * @param verdictOf - Called once for each template that is needed.
 */
export function selectByVerdict(
  column: TextColumn,
  { codes, count }: TextTemplates,
  within: RowSet,
  verdictOf: (template: number) => Verdict,
  test: (text: string) => boolean,
): RowSet {
  // A text without a template has the code 0.
  const verdicts = new Map<number, Verdict>([[0, undefined]]);
  const verdictOfCode = (code: number): Verdict => {
    if (!verdicts.has(code)) verdicts.set(code, verdictOf(code - 1));
    return verdicts.get(code);
  };
  const passes = (row: number): boolean => verdictOfCode(codes.get(row)) ?? test(column.peek(row));
  if (within !== 'all') return selectRows(within, column.length, passes);
  const passing = passingCodes(count + 1, (code) => verdictOfCode(code) !== false);
  const rows = selectCodes(codes, within, passing);
  return rows === 'none' ? rows : selectRows(rows, column.length, passes);
}
