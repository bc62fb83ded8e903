import type { Scanner } from './scanner';

// What looks like syntax and is not would be searched for as it stands, and find nothing.

const DOUBLE_QUOTE = /[“”„‟«»＂]/y;
const ANY_QUOTE = /[“”„‟«»＂'‘’‚‛]/y;
/** Several words in single quotes. One word may well be meant with them, as in `'file'`. */
const SINGLE_QUOTED = /['‘‚‛][^'"’\s]*\s[^'"’]*['’](?=[\s)]|$)/y;
const STAR = /\*/y;
const CONJUNCTION = /(?:&&|\|\|)(?=[\s()]|$)/y;
/** A field before an operator of East Asian script or mathematics. */
const FIELD =
  /(?:id|message|level|severity|timestamp|origin|source|type|group|tags?|data\.[^\s()":=<>]*?)(?=[：＝＜＞≤≥≠])/y;
const FIELD_FIRST = new RegExp(`^${FIELD.source}`);
const OPERATORS: Readonly<Record<string, string>> = {
  '：': ':',
  '＝': '=',
  '＜': '<',
  '＞': '>',
  '≤': '<=',
  '≥': '>=',
  '≠': '"-" before the field',
};

const OR_QUOTE = 'to search for this text, put it in quotes';

/** Refuses look-alikes of syntax where a word stands, which goes up to `end`. */
export function refuseInWord(scanner: Scanner, end: number): void {
  if (scanner.peek(DOUBLE_QUOTE) !== undefined || scanner.peek(SINGLE_QUOTED) !== undefined)
    refuseQuote(scanner);
  if (scanner.peek(CONJUNCTION) !== undefined) scanner.fail(`Write AND or OR; ${OR_QUOTE}`);
  const field = scanner.peek(FIELD);
  if (field !== undefined) {
    const position = scanner.position + field.length;
    const advice = OPERATORS[scanner.text.charAt(position)] ?? ':';
    scanner.fail(`This is not an operator, write ${advice} instead; ${OR_QUOTE}`, position);
  }
  const isStar = (position: number): boolean => scanner.text.charAt(position) === '*';
  if (isStar(scanner.position) && end === scanner.position + 1)
    scanner.fail(`An empty filter finds everything; ${OR_QUOTE}`);
  if (isStar(scanner.position) || isStar(end - 1)) {
    const position = isStar(scanner.position) ? scanner.position : end - 1;
    scanner.fail(`A word finds any part of a message without "*"; ${OR_QUOTE}`, position);
  }
}

/** Refuses look-alikes of syntax where a value without quotes stands. */
export function refuseInValue(scanner: Scanner): void {
  if (scanner.peek(ANY_QUOTE) !== undefined) refuseQuote(scanner);
  if (scanner.peek(STAR) !== undefined && scanner.peek(/\*(?=[\s(),"]|$)/y) === undefined)
    scanner.fail(`"*" stands for the rest of a text, at the end of a value only; ${OR_QUOTE}`);
}

function refuseQuote(scanner: Scanner): never {
  return scanner.fail(`Quotes are written ", not ${scanner.char}; ${OR_QUOTE}`);
}

/** Tells whether a word has to be written in quotes because it would look like syntax. */
export function isLookAlikeWord(word: string): boolean {
  return /^[“”„‟«»＂'‘‚‛*]|^(?:&&|\|\|)$|\*$/.test(word) || FIELD_FIRST.test(word);
}

/** Tells whether a value has to be written in quotes because it would look like syntax. */
export function isLookAlikeValue(value: string): boolean {
  return /^[“”„‟«»＂'‘’‚‛*]/.test(value);
}
