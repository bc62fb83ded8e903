import { toWellFormed } from '../util/text';
import type { Comparison, DataTest, Filter, OrderedField, TextField } from './ast';
import type { Leaf } from './build';
import { isKnownLeaf } from './check';

/**
 * A condition in SQL for a test of a filter, such as `source:auth`. It must be true for every row that passes the test.
 *
 * `isExact` states whether it is false, and not null, for every other row. It describes the rows, not how the SQL compares:
 *
 * | Test | Condition | Other rows that meet it | `isExact` |
 * |---|---|---|---|
 * | `source:auth` | `source = ?`, bytewise | none | `true` |
 * | `source:auth` | `source = ?`, ignoring case | `AUTH` | `false` |
 * | `card` | `POSITION(? IN folded) > 0` with `fold(text)`, `folded` has `fold(message)` | none | `true` |
 * | `tag:a` | `? = ANY(tags)`, `tags` an array | none | `true` |
 * | `tag:a` | `INSTR(tags, '"a"') > 0`, `tags` JSON text | the tag `x"a` | `false` |
 * | `data.user:42` | the text of `data` contains `"user":` and `42` | `{"user":1,"x":42}` | `false` |
 * | `data.user:42` | `data->'user' = '42'`, `data` a JSON type | none | not allowed: it misses `{"user":[42]}` |
 *
 * An exact condition is negated with `NOT` and is not checked again. If in doubt, it is not exact, which costs time but no events.
 */
export interface SqlTest {
  readonly sql: string;
  readonly isExact: boolean;
}

/** A condition for a whole filter. `isExact` has the meaning that it has in `SqlTest`. */
export interface SqlCondition<Value = unknown> extends SqlTest {
  /** Values of the placeholders, in order. */
  readonly parameters: readonly Value[];
}

/** Adds a value to the parameters of the condition and returns its placeholder. */
export type BindValue<Value> = (value: Value) => string;

/**
 * The SQL of a database: constants, placeholders, and a condition for each test of a filter. `undefined` means that SQL cannot
 * decide a test.
 *
 * A value is bound where its placeholder is in the condition: `` exactSql(`source = ${bind(value)}`) ``.
 */
export interface SqlDialect<Value> {
  /** A condition that is true for every row, such as `1` or `true`. */
  readonly always: string;
  /** A condition that is true for no row, such as `0` or `false`. */
  readonly never: string;
  /** Returns the placeholder of a parameter, such as `?` or `$1`. @param position - Counted from 1. */
  placeholder(position: number): string;
  /** The text of a field equals `value`, bytewise. */
  equals(field: Exclude<TextField, 'tags'>, value: string, bind: BindValue<Value>): SqlTest | undefined;
  /** The text of a field starts with `value`, bytewise. */
  startsWith(field: Exclude<TextField, 'tags'>, value: string, bind: BindValue<Value>): SqlTest | undefined;
  /**
   * The message contains `text`, which is not empty, ignoring case. `text` is not folded: compare `fold(text)` with a column in
   * which the store keeps `fold(message)`. The functions of a database fold differently, so a condition on `message` misses rows.
   *
   * `fold` uses a table of this package. Rebuild the column when a later version changes the table, even if the condition is not
   * exact, because rows whose characters fold differently would be missed.
   */
  messageContains(text: string, bind: BindValue<Value>): SqlTest | undefined;
  /** The comparison with an ordered field holds: the rank of a level, a severity, or a timestamp in microseconds. */
  compares(
    field: OrderedField,
    operator: Comparison,
    value: number,
    bind: BindValue<Value>,
  ): SqlTest | undefined;
  /** The text of a field is not empty, or there is a tag. */
  isPresent(field: Exclude<TextField, 'id'>): SqlTest | undefined;
  /** Any tag equals or starts with `value`, bytewise. See `searchJsonText`. */
  hasTag(operator: 'equals' | 'prefix', value: string, bind: BindValue<Value>): SqlTest | undefined;
  /** Any value of `data` at a path passes a test, as `docs/filters.md` defines. See `searchJsonText`. */
  matchesData(path: readonly string[], test: DataTest, bind: BindValue<Value>): SqlTest | undefined;
}

/** Creates a condition that is true for the rows that pass its test, and false for all others. */
export function exactSql(sql: string): SqlTest {
  return { sql, isExact: true };
}

/** Creates a condition that is true for the rows that pass its test, and may be true for others. */
export function supersetSql(sql: string): SqlTest {
  return { sql, isExact: false };
}

/**
 * Compiles a filter to SQL as far as SQL can decide it. The condition is true for every row that matches.
 *
 * Relative times, and kinds, fields and operators of later versions, are undecided (see `widenFilter`).
 */
export function compileToSql<Value>(filter: Filter, dialect: SqlDialect<Value>): SqlCondition<Value> {
  const compiler = new SqlCompiler(dialect);
  const { sql, isExact } = compiler.compile(filter);
  return { sql, parameters: compiler.parameters, isExact };
}

class SqlCompiler<Value> {
  readonly parameters: Value[] = [];
  readonly #dialect: SqlDialect<Value>;

  constructor(dialect: SqlDialect<Value>) {
    this.#dialect = dialect;
  }

  compile(filter: Filter): SqlTest {
    switch (filter.kind) {
      case 'and':
        return this.#and(filter.filters.map((each) => this.compile(each)));
      case 'or':
        return this.#or(filter.filters.map((each) => this.compile(each)));
      case 'not':
        return this.#compileNegation(filter.filter);
      default:
        return this.#decide(filter) ?? this.#undecided();
    }
  }

  /** Compiles the negation of a filter. It is moved to the leaves, where SQL can decide more of it. */
  #compileNegation(filter: Filter): SqlTest {
    switch (filter.kind) {
      case 'and':
        return this.#or(filter.filters.map((each) => this.#compileNegation(each)));
      case 'or':
        return this.#and(filter.filters.map((each) => this.#compileNegation(each)));
      case 'not':
        return this.compile(filter.filter);
      default: {
        // The negation of a condition that other rows meet would miss those rows.
        const inner = this.#decide(filter, ({ isExact }) => isExact);
        return inner === undefined ? this.#undecided() : exactSql(`NOT (${inner.sql})`);
      }
    }
  }

  /** Compiles a leaf. Returns `undefined`, without its parameters, if the condition is missing or not usable. */
  #decide(leaf: Leaf, isUsable = (_: SqlTest): boolean => true): SqlTest | undefined {
    const { length } = this.parameters;
    const test = this.#compileLeaf(leaf);
    if (test !== undefined && isUsable(test)) return test;
    this.parameters.length = length;
    return undefined;
  }

  #compileLeaf(filter: Leaf): SqlTest | undefined {
    if (!isKnownLeaf(filter)) return undefined;
    switch (filter.kind) {
      case 'all':
        return exactSql(this.#dialect.always);
      case 'contains':
        return filter.text === ''
          ? exactSql(this.#dialect.always)
          : this.#dialect.messageContains(filter.text, this.#bind);
      case 'text':
        return this.#compileText(filter);
      case 'ordered':
        return this.#dialect.compares(filter.field, filter.operator, filter.value, this.#bind);
      case 'present':
        return this.#compilePresent(filter.field);
      case 'data':
        return filter.path.length === 0
          ? undefined
          : this.#dialect.matchesData(filter.path, filter.test, this.#bind);
      case 'relative':
        return undefined;
    }
  }

  #compileText({ field, operator, value }: Extract<Filter, { kind: 'text' }>): SqlTest | undefined {
    // A database would replace a lone surrogate with another character.
    if (toWellFormed(value) !== value) return undefined;
    if (field === 'tags') return this.#dialect.hasTag(operator, value, this.#bind);
    return operator === 'equals'
      ? this.#dialect.equals(field, value, this.#bind)
      : this.#dialect.startsWith(field, value, this.#bind);
  }

  #compilePresent(field: TextField | OrderedField): SqlTest | undefined {
    const isAlways = field === 'id' || field === 'level' || field === 'severity' || field === 'timestamp';
    return isAlways ? exactSql(this.#dialect.always) : this.#dialect.isPresent(field);
  }

  readonly #bind: BindValue<Value> = (value) => this.#dialect.placeholder(this.parameters.push(value));

  #undecided(): SqlTest {
    return supersetSql(this.#dialect.always);
  }

  #and(tests: readonly SqlTest[]): SqlTest {
    return tests.length === 0 ? exactSql(this.#dialect.always) : join(tests, ' AND ');
  }

  #or(tests: readonly SqlTest[]): SqlTest {
    return tests.length === 0 ? exactSql(this.#dialect.never) : join(tests, ' OR ');
  }
}

function join(tests: readonly SqlTest[], by: string): SqlTest {
  return {
    sql: tests.map(({ sql }) => `(${sql})`).join(by),
    isExact: tests.every(({ isExact }) => isExact),
  };
}
