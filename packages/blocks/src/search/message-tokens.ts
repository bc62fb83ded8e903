import { fold } from '@vigilant/core/adapter';
import { isAsciiRange } from '../bytes/byte-texts';
import { NOT_SPLIT } from '../template/split';
import type { SplitColumn } from '../template/split-column';
import type { TrigramSet } from './trigram-set';

/** A trigram of literals and variables reaches this far from a variable. */
const REACH = 2;

/**
 * Adds the trigrams of messages.
 *
 * Messages of one shape have the same literals. So only the first of each shape adds all of its trigrams to a set; the
 * others add those that touch a variable.
 */
export function addMessages(setOf: (row: number) => TrigramSet, column: SplitColumn): void {
  const { bytes, starts, ends } = column.texts;
  /** For each shape the last set to which its literals were added. */
  const lastSets: TrigramSet[] = [];
  for (let row = 0; row < column.length; row++) {
    const set = setOf(row);
    const start = starts[row] as number;
    const end = ends[row] as number;
    const shape = column.shapes[row] as number;
    if (!isAsciiRange(bytes, start, end)) set.add(fold(bytes.toString('utf8', start, end)));
    else if (shape !== NOT_SPLIT && lastSets[shape] === set) addAroundVariables(set, column, row);
    else {
      set.addAscii(bytes, start, end);
      if (shape !== NOT_SPLIT) lastSets[shape] = set;
    }
  }
}

function addAroundVariables(set: TrigramSet, { texts, variables, firsts }: SplitColumn, row: number): void {
  const last = firsts[row + 1] as number;
  const end = texts.ends[row] as number;
  let from = texts.starts[row] as number;
  for (let variable = firsts[row] as number; variable < last; variable++) {
    from = Math.max(from, (variables.starts[variable] as number) - REACH);
    const to = Math.min(end, (variables.ends[variable] as number) + REACH);
    set.addAscii(texts.bytes, from, to);
    from = to - REACH;
  }
}
