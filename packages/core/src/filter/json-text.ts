import { toWellFormed } from '../util/text';
import type { DataTest } from './ast';
import type { BindValue, SqlDialect } from './sql';
import { supersetSql } from './sql';

/** Returns a condition in SQL that is true for every row whose column contains a piece of JSON. */
export type ContainsJson<Value> = (column: 'tags' | 'data', json: string, bind: BindValue<Value>) => string;

/**
 * Creates the tests of tags and data for columns that contain the text that `JSON.stringify` returns. They search that text for the
 * pieces of JSON that every matching event contains, so they are never exact.
 */
export function searchJsonText<Value>(
  contains: ContainsJson<Value>,
): Pick<SqlDialect<Value>, 'hasTag' | 'matchesData'> {
  return {
    hasTag: (operator, value, bind) => supersetSql(contains('tags', pieceOf(operator, value), bind)),
    matchesData(path, test, bind) {
      const each = piecesOf(path, test).map((pieces) =>
        pieces.map((piece) => `(${contains('data', piece, bind)})`).join(' OR '),
      );
      return supersetSql(each.map((sql) => `(${sql})`).join(' AND '));
    },
  };
}

/** Returns groups of pieces. The JSON of each matching event contains a piece of every group. */
function piecesOf(path: readonly string[], test: DataTest): readonly (readonly string[])[] {
  // The key ends with the last segment, whether it is nested or contains dots.
  const key = [`${JSON.stringify(path.at(-1)).slice(1)}:`];
  switch (test.operator) {
    case 'equals': {
      const text = JSON.stringify(test.text);
      return [key, test.literal === undefined ? [text] : [text, JSON.stringify(test.literal)]];
    }
    case 'prefix':
      // JSON escapes a lone surrogate, but not a surrogate pair.
      return toWellFormed(test.text) === test.text ? [key, [pieceOf('prefix', test.text)]] : [key];
    default:
      return [key];
  }
}

/** Returns the JSON of a text, or of its start. */
function pieceOf(operator: 'equals' | 'prefix', text: string): string {
  const json = JSON.stringify(text);
  return operator === 'equals' ? json : json.slice(0, -1);
}
