import type { Split } from './split';
import { KINDS, MARK, SplitBuilder } from './split';

/** Longer texts, such as documents, rarely share a skeleton. */
const MAX_CHARACTERS = 8 * 1024;

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/y;
const UUID_CHARACTERS = 36;
const FIRST_HYPHEN = 8;
const HYPHEN = 0x2d;
const ZERO = 0x30;
const MAX_INTEGER_DIGITS = 15;
const MIN_HEX_DIGITS = 8;

/** Classes of characters, as bits. The class of a token is the union of the classes of its characters. */
const DIGIT = 1;
/** `a` to `f`. */
const HEX_LETTER = 2;
const LETTER = 4;
const CLASSES = classesOfCharacters();

/**
 * Splits the message of an event. Integers, hexadecimal numbers, UUIDs and words with digits are its variables.
 *
 * Variables after the same word share a slot, whatever the rest of the message is. So a slot holds values of one meaning:
 * the durations of "order opened in 12 ms" and of "job closed in 40 ms".
 */
export function splitMessage(text: string, withSlots: boolean): Split | undefined {
  if (text.length > MAX_CHARACTERS || text.includes(MARK)) return undefined;
  const split = new SplitBuilder(text);
  let wordStart = 0;
  let wordEnd = 0;
  let sinceWord = 0;
  for (let start = 0; start < text.length; start++) {
    let classes = classOf(text, start);
    if (classes === 0) continue;
    let end = start + 1;
    for (let next = classOf(text, end); next !== 0; next = classOf(text, ++end)) classes |= next;
    const isUuid = end - start === FIRST_HYPHEN && isUuidAt(text, start);
    if (isUuid) end = start + UUID_CHARACTERS;
    if ((classes & DIGIT) === 0 && !isUuid) {
      wordStart = start;
      wordEnd = end;
      sinceWord = 0;
    } else {
      if (split.isFull) return undefined;
      const label = isUuid ? 'uuid' : labelOf(text, start, end, classes);
      split.add(start, end, label, text.slice(start, end));
      if (withSlots)
        split.slots.push(`${kindOf(label)}${label} ${text.slice(wordStart, wordEnd)} ${sinceWord}`);
      sinceWord += 1;
    }
    start = end - 1;
  }
  return split.finish();
}

const kindOf = (label: string): string => (label === KINDS.INTEGER ? KINDS.INTEGER : KINDS.TEXT);

/** Names what a token looks like. Hexadecimal numbers of different lengths have slots of their own. */
function labelOf(text: string, start: number, end: number, classes: number): string {
  const length = end - start;
  const isInteger = length === 1 || (length <= MAX_INTEGER_DIGITS && text.charCodeAt(start) !== ZERO);
  if (classes === DIGIT && isInteger) return KINDS.INTEGER;
  if ((classes & LETTER) === 0 && length >= MIN_HEX_DIGITS) return `hex${length}`;
  return 'word';
}

function isUuidAt(text: string, start: number): boolean {
  if (text.charCodeAt(start + FIRST_HYPHEN) !== HYPHEN) return false;
  UUID.lastIndex = start;
  return UUID.test(text);
}

/** Returns the class of a character; 0 if it does not belong to a token, or beyond the end. */
function classOf(text: string, index: number): number {
  return CLASSES[text.charCodeAt(index)] ?? 0;
}

/** Only ASCII letters and digits belong to tokens. */
function classesOfCharacters(): Uint8Array {
  const classes = new Uint8Array(128);
  const fill = (characters: string, value: number): void => {
    for (const character of characters) classes[character.charCodeAt(0)] = value;
  };
  fill('0123456789', DIGIT);
  fill('abcdef', HEX_LETTER);
  fill('ghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', LETTER);
  return classes;
}
