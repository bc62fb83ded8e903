import { NOT_SPLIT } from '../template/split';
import type { SplitColumn } from '../template/split-column';
import type { TokenSet } from './token-set';
import { TAG_START, tagToken } from './token-set';
import { VariableHasher } from './variable-hash';

/** Adds the tags of events. */
export function addTags(set: TokenSet, column: SplitColumn): void {
  const hasher = new VariableHasher(column);
  for (let row = 0; row < column.length; row++) {
    if (column.shapes[row] === NOT_SPLIT) {
      for (const tag of column.parse(row) as readonly string[]) set.add(tagToken(tag));
      continue;
    }
    const last = column.firsts[row + 1] as number;
    for (let variable = column.firsts[row] as number; variable < last; variable++)
      set.add(hasher.token(variable, TAG_START));
  }
}
