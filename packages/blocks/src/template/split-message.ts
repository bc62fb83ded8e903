import type { Split } from './split';
import { KINDS, MARK, MAX_VARIABLES, SplitBuilder } from './split';

/** Longer texts, such as documents, seldom share a skeleton. */
const MAX_CHARACTERS = 8 * 1024;

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/y;
const UUID_CHARACTERS = 36;
const FIRST_HYPHEN = 8;
const INTEGER = /^(?:0|[1-9]\d{0,14})$/;
const HEX = /^[\da-f]{8,}$/;
const DIGIT = /\d/;

/**
 * Splits the message of an event. Integers, hexadecimal numbers, UUIDs and words with digits are its variables.
 *
 * Variables after the same word share a slot, whatever the rest of the message is. So a slot holds values of one meaning:
 * the durations of "order opened in 12 ms" and of "job closed in 40 ms".
 */
export function splitMessage(text: string): Split | undefined {
  if (text.length > MAX_CHARACTERS || text.includes(MARK)) return undefined;
  const builder = new SplitBuilder(text);
  let word = '';
  let sinceWord = 0;
  for (let start = 0; start < text.length; start++) {
    if (!isAlphanumeric(text.charCodeAt(start))) continue;
    const end = endOfToken(text, start);
    const token = text.slice(start, end);
    if (!DIGIT.test(token)) {
      word = token;
      sinceWord = 0;
    } else {
      if (builder.variables === MAX_VARIABLES) return undefined;
      const label = labelOf(token);
      const kind = label === KINDS.INTEGER ? KINDS.INTEGER : KINDS.TEXT;
      builder.variable(start, end, label, `${kind}${label} ${word} ${sinceWord}`, token);
      sinceWord += 1;
    }
    start = end - 1;
  }
  return builder.finish();
}

/** Names what a token looks like. Hexadecimal numbers of different lengths have slots of their own. */
function labelOf(token: string): string {
  if (INTEGER.test(token)) return KINDS.INTEGER;
  if (HEX.test(token)) return `hex${token.length}`;
  return token.includes('-') ? 'uuid' : 'word';
}

function endOfToken(text: string, start: number): number {
  UUID.lastIndex = start;
  if (text[start + FIRST_HYPHEN] === '-' && UUID.test(text)) return start + UUID_CHARACTERS;
  let end = start + 1;
  while (end < text.length && isAlphanumeric(text.charCodeAt(end))) end += 1;
  return end;
}

/** Returns whether a character is an ASCII letter or digit. */
function isAlphanumeric(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
}
