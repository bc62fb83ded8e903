import type { JsonValue } from '@vigilant/core';
import { ROOT, hashPath, pathsOf } from '../template/json-paths';
import { NOT_SPLIT } from '../template/split';
import type { SplitColumn } from '../template/split-column';
import type { TokenSet } from './token-set';
import { pathToken, startOfValue, valueToken } from './token-set';
import { VariableHasher } from './variable-hash';

/**
 * Adds the path of each value of `data` that is not null, and the value if it is not an object.
 *
 * Tokens that all rows of a shape have in common are added once.
 */
export function addData(set: TokenSet, column: SplitColumn): void {
  const hasher = new VariableHasher(column);
  /** For each shape the path of each variable as a hash, or `ROOT`. */
  const shapes: (readonly number[])[] = [];
  for (let row = 0; row < column.length; row++) {
    const shape = column.shapes[row] as number;
    if (shape === NOT_SPLIT) {
      addValue(set, undefined, column.parse(row) as JsonValue);
      continue;
    }
    const paths = (shapes[shape] ??= addShape(set, column, row));
    const first = column.firsts[row] as number;
    for (let index = 0; index < paths.length; index++) {
      const path = paths[index] as number;
      if (path !== ROOT) set.add(hasher.token(first + index, startOfValue(path)));
    }
  }
}

/** Adds the paths that have a value, and null values. Returns the path of each variable. */
function addShape(set: TokenSet, column: SplitColumn, row: number): readonly number[] {
  const { paths, objects, nulls } = pathsOf(column.text(row));
  for (const path of [...objects, ...paths]) if (path !== ROOT) set.add(pathToken(path));
  for (const path of nulls) if (path !== ROOT) set.add(valueToken(path, 'null'));
  return paths;
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
