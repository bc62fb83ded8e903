import type { JsonValue } from '@vigilant/core';
import { ROOT, hashPath, pathsOf } from '../template/json-paths';
import { NOT_SPLIT } from '../template/split';
import type { SplitColumn } from '../template/split-column';
import type { TokenSet } from './token-set';
import { pathToken, startOfValue, valueToken } from './token-set';
import { VariableHasher } from './variable-hash';

/** The tokens that all rows of one shape have in common. */
interface ShapeTokens {
  /** The tokens of the paths that have a value, and of null values. */
  readonly shared: readonly number[];
  /** For each variable the hash of its path, or `ROOT`. */
  readonly paths: readonly number[];
  /** The last set to which the shared tokens were added. */
  set: TokenSet | undefined;
}

/**
 * Adds the path of each value of `data` that is not null, and the value if it is not an object.
 *
 * What the rows of one shape have in common is added once for each set.
 */
export function addData(setOf: (row: number) => TokenSet, column: SplitColumn): void {
  const hasher = new VariableHasher(column);
  const shapes: ShapeTokens[] = [];
  for (let row = 0; row < column.length; row++) {
    const set = setOf(row);
    const shape = column.shapes[row] as number;
    if (shape === NOT_SPLIT) {
      addValue(set, undefined, column.parse(row) as JsonValue);
      continue;
    }
    const tokens = (shapes[shape] ??= tokensOf(column, row));
    if (tokens.set !== set) {
      for (const token of tokens.shared) set.add(token);
      tokens.set = set;
    }
    const first = column.firsts[row] as number;
    for (let index = 0; index < tokens.paths.length; index++) {
      const path = tokens.paths[index] as number;
      if (path !== ROOT) set.add(hasher.token(first + index, startOfValue(path)));
    }
  }
}

function tokensOf(column: SplitColumn, row: number): ShapeTokens {
  const { paths, objects, nulls } = pathsOf(column.text(row));
  const shared: number[] = [];
  for (const path of objects) if (path !== ROOT) shared.push(pathToken(path));
  for (const path of paths) if (path !== ROOT) shared.push(pathToken(path));
  for (const path of nulls) if (path !== ROOT) shared.push(valueToken(path, 'null'));
  return { shared, paths, set: undefined };
}

/** Adds the tokens of a value that was not split. Its path is undefined for `data` itself. */
function addValue(set: TokenSet, path: string | undefined, value: JsonValue): void {
  if (Array.isArray(value)) {
    for (const element of value as readonly JsonValue[]) addValue(set, path, element);
    return;
  }
  if (path !== undefined && value !== null) set.add(pathToken(hashPath(path)));
  if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value))
      addValue(set, path === undefined ? key : `${path}.${key}`, member as JsonValue);
  } else if (path !== undefined) set.add(valueToken(hashPath(path), String(value)));
}
