import type { Scanner } from './scanner';

// Text that only resembles syntax is rejected, because a literal search for it would find nothing.

const DOUBLE_QUOTE = /[“”„‟«»＂]/y;
const ANY_QUOTE = /[“”„‟«»＂'‘’‚‛]/y;
/** Several words in single quotes. A single quoted word such as `'file'` may be meant literally. */
const SINGLE_QUOTED = /['‘‚‛][^'"’\s]*\s[^'"’]*['’](?=[\s)]|$)/y;
const STAR = /\*/y;
const CONJUNCTION = /(?:&&|\|\|)(?=[\s()]|$)/y;
/** A field before a full-width or mathematical operator. */
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

/** Rejects text that resembles syntax in a word that ends at `end`. */
export function rejectInWord(scanner: Scanner, end: number): void {
  if (scanner.peek(DOUBLE_QUOTE) !== undefined || scanner.peek(SINGLE_QUOTED) !== undefined)
    rejectQuote(scanner);
  if (scanner.peek(CONJUNCTION) !== undefined) scanner.fail(`Write AND or OR; ${OR_QUOTE}`);
  const field = scanner.peek(FIELD);
  if (field !== undefined) {
    const position = scanner.position + field.length;
    const advice = OPERATORS[scanner.text.charAt(position)] ?? ':';
    scanner.fail(`This is not an operator; write ${advice} instead; ${OR_QUOTE}`, position);
  }
  const isStar = (position: number): boolean => scanner.text.charAt(position) === '*';
  if (isStar(scanner.position) && end === scanner.position + 1)
    scanner.fail(`An empty filter matches every event; ${OR_QUOTE}`);
  if (isStar(scanner.position) || isStar(end - 1)) {
    const position = isStar(scanner.position) ? scanner.position : end - 1;
    scanner.fail(`A word matches any part of a message, without "*"; ${OR_QUOTE}`, position);
  }
}

/** Rejects text that resembles syntax in a value without quotes. */
export function rejectInValue(scanner: Scanner): void {
  if (scanner.peek(ANY_QUOTE) !== undefined) rejectQuote(scanner);
  if (scanner.peek(STAR) !== undefined && scanner.peek(/\*(?=[\s(),"]|$)/y) === undefined)
    scanner.fail(`"*" is allowed only at the end of a value; ${OR_QUOTE}`);
}

function rejectQuote(scanner: Scanner): never {
  return scanner.fail(`Use " for quotes, not ${scanner.char}; ${OR_QUOTE}`);
}

/** Returns whether a word needs quotes because it resembles syntax. */
export function isLookAlikeWord(word: string): boolean {
  return /^[“”„‟«»＂'‘‚‛*]|^(?:&&|\|\|)$|\*$/.test(word) || FIELD_FIRST.test(word);
}

/** Returns whether a value needs quotes because it resembles syntax. */
export function isLookAlikeValue(value: string): boolean {
  return /^[“”„‟«»＂'‘’‚‛*]/.test(value);
}
