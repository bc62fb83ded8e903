import type { Comparison, Filter } from './ast';
import { anyOf } from './build';
import { takeField, type Field } from './fields';
import { comparisonLeaf, equalsLeaf, prefixLeaf, presentLeaf } from './leaves';
import { rejectInValue } from './look-alikes';
import type { Scanner } from './scanner';

const OPERATOR = /<=|>=|[:=<>]/y;
const OPERATOR_SIGN = /[:=<>]/y;
const VALUE = /[^\s(),"]+/y;
const COMMA = /,/y;
const STAR = /\*/y;

/** A value in the text of a filter. */
interface Value {
  readonly text: string;
  readonly isQuoted: boolean;
  /** Whether a `*` follows. */
  readonly isPrefix: boolean;
  readonly position: number;
}

/** Reads a field, an operator and its values, such as `level>=WARN` or `source:auth,pay*`. */
export function takeComparison(scanner: Scanner): Filter {
  const field = takeField(scanner);
  const operator = takeOperator(scanner);
  if (operator === '=') return takeList(scanner, field);
  const value = takeValue(scanner);
  const reject = (reason: string): never => scanner.fail(reason, value.position);
  if (value.isPrefix) reject(`"*" matches a prefix and cannot follow ${operator}`);
  if (scanner.peek(COMMA) !== undefined) scanner.fail(`${operator} requires one value, not a list`);
  return comparisonLeaf(field, operator, value.text, value.isQuoted, reject);
}

function takeOperator(scanner: Scanner): Comparison {
  const operator = scanner.take(OPERATOR);
  if (operator === undefined) {
    const advice = scanner.char === '!' ? '; for "not equal" write "-" before the field' : '';
    scanner.fail(`Expected an operator (: = < <= > >=), found ${scanner.describe()}${advice}`);
  }
  return operator === ':' ? '=' : (operator as Comparison);
}

function takeList(scanner: Scanner, field: Field): Filter {
  const tests: Filter[] = [];
  do {
    const { text, isQuoted, isPrefix, position } = takeValue(scanner);
    const reject = (reason: string): never => scanner.fail(reason, position);
    if (!isPrefix) tests.push(equalsLeaf(field, text, isQuoted, reject));
    else if (text === '' && !isQuoted) tests.push(presentLeaf(field));
    else tests.push(prefixLeaf(field, text, reject));
  } while (scanner.take(COMMA) !== undefined);
  return anyOf(tests);
}

function takeValue(scanner: Scanner): Value {
  const { position } = scanner;
  if (scanner.char === '"') {
    const text = scanner.takeQuoted();
    return { text, isQuoted: true, isPrefix: scanner.take(STAR) !== undefined, position };
  }
  if (scanner.peek(OPERATOR_SIGN) !== undefined) {
    scanner.fail(
      'Expected a value, found another operator; put a value that starts with an operator in quotes',
    );
  }
  rejectInValue(scanner);
  const text = scanner.take(VALUE);
  if (text === undefined) {
    scanner.fail(`Expected a value, found ${scanner.describe()}; write "" for empty text`);
  }
  const isPrefix = text.endsWith('*');
  return { text: isPrefix ? text.slice(0, -1) : text, isQuoted: false, isPrefix, position };
}
