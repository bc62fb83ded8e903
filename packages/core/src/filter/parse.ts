import { VigilantError } from '../util/errors';
import { describeValue, toWellFormed } from '../util/text';
import { MATCH_ALL, type Filter } from './ast';
import { allOf, anyOf, containing, negate } from './build';
import { takeComparison } from './comparison';
import { checkLimits, MAX_FILTER_BYTES, MAX_FILTER_DEPTH } from './limits';
import { rejectInWord } from './look-alikes';
import { Scanner } from './scanner';

const AND = /AND(?=[\s()"]|$)/y;
const OR = /OR(?=[\s()"]|$)/y;
const NOT = /NOT(?=[\s()"]|$)/y;
const MINUS = /-/y;
const OPEN = /\(/y;
const CLOSE = /\)/y;
const WORD = /[^\s()":=<>]+/y;
/** Text before an operator: the name of a field, known or not. */
const FIELD_AHEAD = /(?:data\.(?:[^\s()":=<>]*\.)?(?="))|[^\s()":=<>]*(?=[:=<>])/y;

/**
 * Parses a filter in the filter language. Empty text matches every event.
 *
 * Returns the canonical form. Relative times are kept.
 *
 * @throws {VigilantError} `VIGILANT_FILTER_INVALID` with the `position` of the fault and what was expected there.
 */
export function parseFilter(text: string): Filter {
  if (typeof text !== 'string')
    throw new VigilantError(
      'VIGILANT_FILTER_INVALID',
      `The filter must be a string, not ${describeValue(text)}.`,
    );
  const scanner = new Scanner(toWellFormed(text));
  if (Buffer.byteLength(text) > MAX_FILTER_BYTES)
    scanner.fail(
      `A filter has at most ${MAX_FILTER_BYTES} bytes of UTF-8`,
      scanner.position,
      MAX_FILTER_BYTES,
    );
  scanner.skipSpace();
  if (scanner.char === '') return MATCH_ALL;
  const filter = takeAlternatives(scanner, 1);
  if (scanner.char !== '') scanner.fail('Unmatched ")"; to search for it, put it in quotes');
  checkLimits(filter);
  return filter;
}

function takeAlternatives(scanner: Scanner, depth: number): Filter {
  const parts = [takeSequence(scanner, depth)];
  while (scanner.take(OR) !== undefined) parts.push(takeSequence(scanner, depth));
  return anyOf(parts);
}

/** Reads terms up to `OR`, a closing parenthesis or the end. */
function takeSequence(scanner: Scanner, depth: number): Filter {
  const parts: Filter[] = [];
  do {
    scanner.skipSpace();
    parts.push(takeTerm(scanner, depth));
    scanner.skipSpace();
  } while (scanner.take(AND) !== undefined || !isSequenceEnd(scanner));
  return allOf(parts);
}

function isSequenceEnd(scanner: Scanner): boolean {
  return scanner.char === '' || scanner.char === ')' || scanner.peek(OR) !== undefined;
}

function takeTerm(scanner: Scanner, depth: number): Filter {
  if (depth > MAX_FILTER_DEPTH)
    scanner.fail(
      `A filter may be nested at most ${MAX_FILTER_DEPTH} levels deep`,
      scanner.position,
      MAX_FILTER_DEPTH,
    );
  if (scanner.take(NOT) !== undefined) {
    scanner.skipSpace();
    return negate(takeTerm(scanner, depth + 1));
  }
  if (scanner.peek(MINUS) !== undefined) return takeExclusion(scanner, depth);
  const filter = scanner.peek(OPEN) === undefined ? takeLeaf(scanner) : takeGroup(scanner, depth);
  if (scanner.peek(/\s|\)|$/y) === undefined) {
    scanner.fail(
      `Expected a space, found ${scanner.describe()}; put text with quotes, parentheses or operators in quotes`,
    );
  }
  return filter;
}

function takeExclusion(scanner: Scanner, depth: number): Filter {
  const start = scanner.position;
  scanner.take(MINUS);
  if (scanner.peek(/[\s)-]|$/y) !== undefined) {
    scanner.fail('Expected a term directly after "-"; to search for a dash, put it in quotes', start);
  }
  return negate(takeTerm(scanner, depth + 1));
}

function takeGroup(scanner: Scanner, depth: number): Filter {
  const start = scanner.position;
  scanner.take(OPEN);
  scanner.skipSpace();
  if (scanner.char === ')')
    scanner.fail('These parentheses are empty; to search for them, put them in quotes', start);
  const filter = takeAlternatives(scanner, depth + 1);
  if (scanner.take(CLOSE) === undefined) scanner.fail('This parenthesis is not closed: expected )', start);
  return filter;
}

function takeLeaf(scanner: Scanner): Filter {
  if (scanner.char === '"') return containing(scanner.takeQuoted());
  if (scanner.peek(FIELD_AHEAD) !== undefined) return takeComparison(scanner);
  const isOperator = scanner.peek(AND) !== undefined || scanner.peek(OR) !== undefined;
  const word = isOperator ? undefined : scanner.peek(WORD);
  if (word === undefined) scanner.fail(`Expected a term, found ${scanner.describe()}`);
  rejectInWord(scanner, scanner.position + word.length);
  scanner.position += word.length;
  return containing(word);
}
