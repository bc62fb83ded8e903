import { byteTextsOf } from '../../src/bytes/byte-texts';
import type { SlotKey, Splitter } from '../../src/template/split';
import { NOT_SPLIT } from '../../src/template/split';
import { SplitColumn } from '../../src/template/split-column';

/** A text with braces in place of its variables, its variables and their slots. */
export interface ShownSplit {
  readonly literals: string;
  readonly values: readonly string[];
  readonly slots: readonly SlotKey[];
}

/** Splits one text. Returns `undefined` if it is not split. */
export function splitText(text: string, splitter: Splitter): ShownSplit | undefined {
  const column = new SplitColumn(byteTextsOf([text]), splitter);
  if (column.shapes[0] === NOT_SPLIT) return undefined;
  const { bytes, start, end, variables, first, last } = column.text(0);
  const values: string[] = [];
  let literals = '';
  let at = start;
  for (let variable = first; variable < last; variable++) {
    literals += `${bytes.toString('utf8', at, variables.starts[variable])}{}`;
    at = variables.ends[variable] as number;
    values.push(bytes.toString('utf8', variables.starts[variable], at));
  }
  literals += bytes.toString('utf8', at, end);
  return { literals, values, slots: column.slotsOf(0) };
}
