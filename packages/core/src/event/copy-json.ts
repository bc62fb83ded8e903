import { Ranges } from '../util/ranges';
import { MAX_DATA_DEPTH } from './limits';

const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const LIST_START = 0x5b;
const BACKSLASH = 0x5c;
const LIST_END = 0x5d;
const EXPONENT = 0x65;
const OBJECT_START = 0x7b;
const OBJECT_END = 0x7d;

const LITERALS = ['true', 'false', 'null'].map((literal) => Buffer.from(literal));

/** The characters after a backslash for which `JSON.stringify` writes the same escape sequence. */
const ESCAPES = new Set(Buffer.from('"\\bfnrt'));

/** Maximum number of digits with which every decimal number is the shortest text of its double. */
const MAX_DIGITS = 15;

/** Maximum number of keys of an object. Each key is compared with those before it. */
const MAX_KEYS = 32;

/**
 * Copies JSON whose text `JSON.stringify(JSON.parse(text))` would keep, except for whitespace, which is left out. Most data is
 * sent in that form, and a copy is several times faster than parsing it.
 *
 * Other JSON is not copied: objects with more than 32 keys, repeated keys, keys that start with a digit, whose order may change,
 * numbers that `JSON.stringify` writes differently, such as `1.0`, escape sequences that are not needed, and values that are
 * nested more than 32 levels deep.
 */
export class JsonCopier {
  #source: Buffer;
  #at = 0;
  #end = 0;
  #target: Buffer;
  #to = 0;
  /** The bytes of all strings combined by OR. */
  #bits = 0;
  /** The keys of the open objects, in the target. */
  readonly #keys = new Ranges();

  constructor() {
    this.#source = this.#target = Buffer.alloc(0);
  }

  /** Whether the last copy consists of ASCII characters. Otherwise the caller checks that it is UTF-8. */
  get isAscii(): boolean {
    return this.#bits < 0x80;
  }

  /**
   * Copies an object. The target must have room for the whole source.
   *
   * @returns The offset after the copy, or `undefined` if the source is not an object in this form.
   */
  copyObject(source: Buffer, start: number, end: number, target: Buffer, to: number): number | undefined {
    this.#source = source;
    this.#at = start;
    this.#end = end;
    this.#target = target;
    this.#to = to;
    this.#bits = 0;
    this.#keys.clear();
    const isObject = this.#next() === OBJECT_START && this.#copyObject(1);
    return isObject && this.#next() === undefined ? this.#to : undefined;
  }

  /** Skips whitespace; returns the next byte, or `undefined` at the end. */
  #next(): number | undefined {
    while (this.#at < this.#end) {
      const byte = this.#source[this.#at] as number;
      if (byte > 0x20 || !isWhitespace(byte)) return byte;
      this.#at += 1;
    }
    return undefined;
  }

  /** Copies one byte. */
  #put(byte: number): void {
    this.#target[this.#to] = byte;
    this.#to += 1;
    this.#at += 1;
  }

  #copyValue(depth: number): boolean {
    const byte = this.#next();
    switch (byte) {
      case undefined:
        return false;
      case QUOTE:
        return this.#copyString();
      case OBJECT_START:
        return this.#copyObject(depth);
      case LIST_START:
        return this.#copyList(depth);
      default:
        return byte === MINUS || isDigit(byte) ? this.#copyNumber() : this.#copyLiteral();
    }
  }

  #copyObject(depth: number): boolean {
    if (depth > MAX_DATA_DEPTH) return false;
    this.#put(OBJECT_START);
    if (this.#next() === OBJECT_END) return this.#putEnd(OBJECT_END);
    const keys = this.#keys.count;
    do {
      if (this.#next() !== QUOTE || !this.#copyKey(keys) || this.#next() !== COLON) return false;
      this.#put(COLON);
      if (!this.#copyValue(depth + 1)) return false;
    } while (this.#next() === COMMA && this.#putEnd(COMMA));
    this.#keys.clear(keys);
    return this.#next() === OBJECT_END && this.#putEnd(OBJECT_END);
  }

  #copyList(depth: number): boolean {
    if (depth > MAX_DATA_DEPTH) return false;
    this.#put(LIST_START);
    if (this.#next() === LIST_END) return this.#putEnd(LIST_END);
    do {
      if (!this.#copyValue(depth + 1)) return false;
    } while (this.#next() === COMMA && this.#putEnd(COMMA));
    return this.#next() === LIST_END && this.#putEnd(LIST_END);
  }

  #putEnd(byte: number): true {
    this.#put(byte);
    return true;
  }

  /** Copies a key that differs from the earlier ones of its object. @param first - Index of the first key of the object. */
  #copyKey(first: number): boolean {
    const keys = this.#keys;
    const start = this.#to + 1;
    if (!this.#copyString()) return false;
    const end = this.#to - 1;
    const isUnsupported =
      isDigit(this.#target[start] as number) || keys.includes(this.#target, start, end, first);
    if (isUnsupported || keys.count - first >= MAX_KEYS) return false;
    keys.add(start, end);
    return true;
  }

  #copyString(): boolean {
    const source = this.#source;
    const target = this.#target;
    const end = this.#end;
    let at = this.#at + 1;
    let to = this.#to;
    let bits = 0;
    target[to++] = QUOTE;
    for (;;) {
      if (at >= end) return false;
      const byte = source[at++] as number;
      target[to++] = byte;
      bits |= byte;
      if (byte === QUOTE) break;
      if (byte < 0x20) return false;
      if (byte !== BACKSLASH) continue;
      if (at >= end || !ESCAPES.has(source[at] as number)) return false;
      target[to++] = source[at++] as number;
    }
    this.#at = at;
    this.#to = to;
    this.#bits |= bits;
    return true;
  }

  #copyNumber(): boolean {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#end && isNumberByte(this.#source[end] as number)) end += 1;
    if (!isShortNumber(this.#source, start, end) && !isKept(this.#source.toString('latin1', start, end)))
      return false;
    while (this.#at < end) this.#put(this.#source[this.#at] as number);
    return true;
  }

  #copyLiteral(): boolean {
    const literal = LITERALS.find((each) => isPrefix(each, this.#source, this.#at, this.#end));
    if (literal === undefined) return false;
    for (const byte of literal) this.#put(byte);
    return true;
  }
}

/** Returns whether the text of a number has at most 15 digits, no exponent and no needless zeros. Such a text is kept. */
function isShortNumber(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start] === MINUS ? start + 1 : start;
  let point = end;
  for (let index = first; index < end; index += 1) {
    const byte = bytes[index] as number;
    if (byte === POINT && point === end) point = index;
    else if (!isDigit(byte)) return false;
  }
  const isFraction = point < end;
  if (point === first || end - first - Number(isFraction) > MAX_DIGITS) return false;
  // `-0` is written without its sign, and small fractions with an exponent.
  if (bytes[first] === ZERO)
    return point === first + 1 && (isFraction ? isPlainFraction(bytes, point, end) : first === start);
  return !isFraction || (bytes[end - 1] !== ZERO && point < end - 1);
}

/** Returns whether the digits after a point start with at most five zeros and do not end with a zero. */
function isPlainFraction(bytes: Buffer, point: number, end: number): boolean {
  let zeros = 0;
  while (bytes[point + 1 + zeros] === ZERO) zeros += 1;
  return point < end - 1 && zeros < 6 && bytes[end - 1] !== ZERO;
}

/** Returns whether `JSON.stringify` writes a number as this text. */
function isKept(text: string): boolean {
  const value = Number(text);
  return String(value) === text && (/[.e]/.test(text) || Number.isSafeInteger(value));
}

function isNumberByte(byte: number): boolean {
  return isDigit(byte) || byte === POINT || byte === MINUS || byte === PLUS || byte === EXPONENT;
}

function isWhitespace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function isPrefix(prefix: Buffer, source: Buffer, start: number, end: number): boolean {
  return start + prefix.length <= end && prefix.every((byte, index) => source[start + index] === byte);
}
