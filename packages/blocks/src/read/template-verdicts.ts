import type { TextColumn, TextTemplates } from '../column/text-column';
import type { RowSet } from './row-set';
import { selectRows } from './row-set';
import { passingCodes, selectCodes } from './select-codes';

/** Whether the texts of a template pass a test; `undefined` if that depends on the text. */
export type Verdict = boolean | undefined;

/** Returns the verdict for each code of a text, see `TextTemplates.codes`. */
export function verdictsOf(
  { count }: TextTemplates,
  verdictOf: (template: number) => Verdict,
): readonly Verdict[] {
  return Array.from({ length: count + 1 }, (_, code) => (code === 0 ? undefined : verdictOf(code - 1)));
}

/** The rows of a set whose texts pass a test. A text is decoded only if its template has no verdict. */
export function selectByVerdict(
  column: TextColumn,
  { codes }: TextTemplates,
  within: RowSet,
  verdicts: readonly Verdict[],
  test: (text: string) => boolean,
): RowSet {
  const passing = passingCodes(verdicts.length, (code) => verdicts[code] !== false);
  const rows = selectCodes(codes, within, passing);
  return selectRows(rows, column.length, (row) => verdicts[codes.get(row)] ?? test(column.peek(row)));
}
