import { toWellFormed } from '../util/text';
import { MATCH_ALL, type Filter } from './ast';
import { allOf, anyOf, containing, negate } from './build';
import { takeComparison } from './comparison';
import { checkLimits, MAX_BYTES, MAX_DEPTH } from './limits';
import { rejectInWord } from './look-alikes';
import { Scanner } from './scanner';

const AND = /AND(?=[\s()"]|$)/y;
const OR = /OR(?=[\s()"]|$)/y;
const NOT = /NOT(?=[\s()"]|$)/y;
const MINUS = /-/y;
const OPEN = /\(/y;
const CLOSE = /\)/y;
const WORD = /[^\s()":=<>]+/y;
/** What comes before an operator: a field, or what is taken for one. */
const FIELD_AHEAD = /(?:data\.(?:[^\s()":=<>]*\.)?(?="))|[^\s()":=<>]*(?=[:=<>])/y;

/**
 * Reads a filter in the language; empty text is the filter that everything matches.
 *
 * The tree comes in its simplest form. Relative times are still in it: see `resolveFilter`.
 *
 * @throws {VigilantError} `VIGILANT_FILTER_INVALID` with the `position` and what was expected there.
 */
export function parseFilter(text: string): Filter {
  if (typeof text !== 'string') throw new TypeError('A filter in the language is a string.');
  const scanner = new Scanner(toWellFormed(text));
  if (Buffer.byteLength(text) > MAX_BYTES) scanner.fail(`A filter has at most ${MAX_BYTES} bytes of UTF-8`);
  scanner.skipSpace();
  if (scanner.char === '') return MATCH_ALL;
  const filter = takeAlternatives(scanner, 1);
  if (scanner.char !== '')
    scanner.fail('This parenthesis closes nothing; to search for it, put it in quotes');
  checkLimits(filter);
  return filter;
}

function takeAlternatives(scanner: Scanner, depth: number): Filter {
  const parts = [takeSequence(scanner, depth)];
  while (scanner.take(OR) !== undefined) parts.push(takeSequence(scanner, depth));
  return anyOf(parts);
}

/** Reads terms up to `OR`, a closing parenthesis or the end, where it leaves the scanner. */
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
  if (depth > MAX_DEPTH) scanner.fail(`A filter nests at most ${MAX_DEPTH} deep`);
  if (scanner.take(NOT) !== undefined) {
    scanner.skipSpace();
    return negate(takeTerm(scanner, depth + 1));
  }
  if (scanner.peek(MINUS) !== undefined) return takeExclusion(scanner, depth);
  const filter = scanner.peek(OPEN) === undefined ? takeLeaf(scanner) : takeGroup(scanner, depth);
  if (scanner.peek(/\s|\)|$/y) === undefined) {
    scanner.fail(
      `Expected a space, found ${scanner.describe()}; text with quotes, parentheses or operators goes in quotes`,
    );
  }
  return filter;
}

function takeExclusion(scanner: Scanner, depth: number): Filter {
  const start = scanner.position;
  scanner.take(MINUS);
  if (scanner.peek(/[\s)-]|$/y) !== undefined) {
    scanner.fail('Expected what to exclude right behind "-"; to search for a dash, put it in quotes', start);
  }
  return negate(takeTerm(scanner, depth + 1));
}

function takeGroup(scanner: Scanner, depth: number): Filter {
  const start = scanner.position;
  scanner.take(OPEN);
  scanner.skipSpace();
  if (scanner.char === ')')
    scanner.fail('These parentheses are empty; to search for them, use quotes', start);
  const filter = takeAlternatives(scanner, depth + 1);
  if (scanner.take(CLOSE) === undefined) scanner.fail('This parenthesis is never closed: expected )', start);
  return filter;
}

function takeLeaf(scanner: Scanner): Filter {
  if (scanner.char === '"') return containing(scanner.takeQuoted());
  if (scanner.peek(FIELD_AHEAD) !== undefined) return takeComparison(scanner);
  const word = (scanner.peek(AND) ?? scanner.peek(OR) === undefined) ? scanner.peek(WORD) : undefined;
  if (word === undefined) scanner.fail(`Expected a term, found ${scanner.describe()}`);
  rejectInWord(scanner, scanner.position + word.length);
  scanner.position += word.length;
  return containing(word);
}
