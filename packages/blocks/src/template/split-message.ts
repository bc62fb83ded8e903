import { MAX_INTEGER_DIGITS } from '../bytes/decimal';
import { HASH_START, hashBytes, hashSample, hashUnit } from '../bytes/hash';
import type { SlotKey, SplitText, Splitter, Variables } from './split';
import { KINDS, MARK, MAX_VARIABLES, NOT_SPLIT } from './split';

/** Longer texts, such as documents, rarely share a template. */
const MAX_BYTES = 8 * 1024;

const UUID_CHARACTERS = 36;
const FIRST_HYPHEN = 8;
const HYPHEN = 0x2d;
const ZERO = 0x30;
const MIN_HEX_DIGITS = 8;

/** Classes of characters, as bits. The class of a token is the union of the classes of its characters. */
const DIGIT = 1;
/** `a` to `f`. */
const HEX_LETTER = 2;
const LETTER = 4;
/** By byte: 0 if the character does not belong to a token. */
const CLASSES = classesOfBytes();

const INTEGER = 0;
const WORD = 1;
const UUID = 2;
/** Hexadecimal numbers of different lengths have labels, and therefore slots, of their own: their length plus this. */
const HEX = 3;

/**
 * Splits the message of an event. Integers, hexadecimal numbers, UUIDs and words with digits are its variables.
 *
 * Variables after the same word share a slot, whatever the rest of the message is. So a slot holds values of one meaning:
 * the durations of "order opened in 12 ms" and of "job closed in 40 ms".
 */
export const splitMessage: Splitter = { scan, slotsOf };

function scan(bytes: Uint8Array, start: number, end: number, variables: Variables): number {
  if (end - start > MAX_BYTES) return NOT_SPLIT;
  const maxCount = variables.count + MAX_VARIABLES;
  let hash = HASH_START;
  let at = start;
  while (at < end) {
    const first = at;
    const byte = bytes[at++] as number;
    let classes = CLASSES[byte] as number;
    if (classes === 0) {
      if (byte === MARK) return NOT_SPLIT;
      hash = hashUnit(byte, hash);
      continue;
    }
    for (; at < end; at++) {
      const next = CLASSES[bytes[at] as number] as number;
      if (next === 0) break;
      classes |= next;
    }
    const isUuid = at - first === FIRST_HYPHEN && isUuidAt(bytes, first, end);
    if ((classes & DIGIT) === 0 && !isUuid) {
      hash = hashSample(bytes, first, at, hash);
      continue;
    }
    if (variables.count === maxCount) return NOT_SPLIT;
    if (isUuid) at = first + UUID_CHARACTERS;
    const label = isUuid ? UUID : labelOf(bytes[first] as number, at - first, classes);
    variables.add(first, at, label);
    hash = hashUnit(~label, hash);
  }
  return hash >>> 1;
}

/** Returns what a token looks like. */
function labelOf(first: number, length: number, classes: number): number {
  const isInteger = length === 1 || (length <= MAX_INTEGER_DIGITS && first !== ZERO);
  if (classes === DIGIT && isInteger) return INTEGER;
  return (classes & LETTER) === 0 && length >= MIN_HEX_DIGITS ? HEX + length : WORD;
}

function isUuidAt(bytes: Uint8Array, start: number, end: number): boolean {
  if (start + UUID_CHARACTERS > end) return false;
  for (let index = 0; index < UUID_CHARACTERS; index++) {
    const byte = bytes[start + index] as number;
    const isHyphen = index === 8 || index === 13 || index === 18 || index === 23;
    if (isHyphen ? byte !== HYPHEN : !isHexDigit(byte)) return false;
  }
  return true;
}

function isHexDigit(byte: number): boolean {
  const classes = CLASSES[byte] as number;
  return classes === DIGIT || classes === HEX_LETTER;
}

function slotsOf({ bytes, start, variables, first, last }: SplitText): readonly SlotKey[] {
  const slots: SlotKey[] = [];
  let key = HASH_START;
  let literalStart = start;
  for (let variable = first; variable < last; variable++) {
    const literalEnd = variables.starts[variable] as number;
    const wordEnd = endOfLastToken(bytes, literalStart, literalEnd);
    if (wordEnd > literalStart)
      key = hashBytes(bytes, startOfToken(bytes, literalStart, wordEnd), wordEnd, HASH_START);
    const label = variables.labels[variable] as number;
    // The key of the next variable after the same word differs.
    key = hashUnit(label, key);
    slots.push({ key, kind: label === INTEGER ? KINDS.INTEGER : KINDS.TEXT });
    literalStart = variables.ends[variable] as number;
  }
  return slots;
}

/** Returns the end of the last token in a range; the start of the range if there is none. */
function endOfLastToken(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && CLASSES[bytes[at - 1] as number] === 0) at -= 1;
  return at;
}

/** Returns the start of the token that ends at an offset. */
function startOfToken(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && CLASSES[bytes[at - 1] as number] !== 0) at -= 1;
  return at;
}

/** Only ASCII letters and digits belong to tokens. */
function classesOfBytes(): Uint8Array {
  const classes = new Uint8Array(256);
  const fill = (characters: string, value: number): void => {
    for (const character of characters) classes[character.charCodeAt(0)] = value;
  };
  fill('0123456789', DIGIT);
  fill('abcdef', HEX_LETTER);
  fill('ghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', LETTER);
  return classes;
}
