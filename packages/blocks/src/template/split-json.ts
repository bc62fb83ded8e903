import { MAX_INTEGER_DIGITS } from '../bytes/decimal';
import { HASH_START, hashBytes, hashUnit } from '../bytes/hash';
import { JSON_LABELS, pathsOf } from './json-paths';
import { QUOTE, endOfString } from './json-strings';
import type { SlotKey, SplitText, Splitter, Variables } from './split';
import { KINDS, MARK, MAX_VARIABLES, NOT_SPLIT } from './split';

/** Longer texts are stored as they are. */
const MAX_BYTES = 16 * 1024;

const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const CLOSE_ARRAY = 0x5d;
const CLOSE_OBJECT = 0x7d;
/** The first letters of `true` and `false`. */
const TRUE = 0x74;
const FALSE = 0x66;

/**
 * Splits JSON as `JSON.stringify` writes it, without white space. Its variables are its numbers and Booleans and the contents
 * of its strings, as they are in the text. `null` is a literal, so that a template shows which values are null.
 *
 * The values of one path have one slot for each label. Elements of an array have the path of the array. A text that is
 * not JSON is split as well as possible; it has other slots.
 */
export const splitJson: Splitter = { scan, slotsOf };

function scan(bytes: Uint8Array, start: number, end: number, variables: Variables): number {
  if (end - start > MAX_BYTES) return NOT_SPLIT;
  const maxCount = variables.count + MAX_VARIABLES;
  let hash = HASH_START;
  let at = start;
  while (at < end) {
    const byte = bytes[at] as number;
    let label: number;
    let first = at;
    if (byte === QUOTE) {
      const close = endOfString(bytes, at + 1, end);
      if (close === -1) return NOT_SPLIT;
      at = close + 1;
      if (at < end && bytes[at] === COLON) {
        hash = hashBytes(bytes, first, at, hash);
        continue;
      }
      label = JSON_LABELS.STRING;
      first += 1;
    } else if (startsScalar(byte)) {
      at = endOfScalar(bytes, at, end);
      label = isInteger(bytes, first, at) ? JSON_LABELS.INTEGER : JSON_LABELS.OTHER;
    } else {
      if (byte === MARK) return NOT_SPLIT;
      hash = hashUnit(byte, hash);
      at += 1;
      continue;
    }
    if (variables.count === maxCount) return NOT_SPLIT;
    variables.add(first, label === JSON_LABELS.STRING ? at - 1 : at, label);
    hash = hashUnit(~label, hash);
  }
  return hash >>> 1;
}

function startsScalar(byte: number): boolean {
  return (byte >= ZERO && byte <= NINE) || byte === MINUS || byte === TRUE || byte === FALSE;
}

function endOfScalar(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 1;
  for (; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte === MARK) break;
  }
  return at;
}

/** Returns whether a number is an integer that is written back in the same way. */
function isInteger(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === MINUS ? start + 1 : start;
  if (end - first < 1 || end - first > MAX_INTEGER_DIGITS) return false;
  if (bytes[first] === ZERO) return end === start + 1;
  for (let at = first; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) return false;
  }
  return true;
}

function slotsOf(text: SplitText): readonly SlotKey[] {
  const { paths } = pathsOf(text);
  return paths.map((path, index) => {
    const label = text.variables.labels[text.first + index] as number;
    return { key: hashUnit(label, path), kind: label === JSON_LABELS.INTEGER ? KINDS.INTEGER : KINDS.TEXT };
  });
}
