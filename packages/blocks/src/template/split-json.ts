import type { Split } from './split';
import { KINDS, SplitBuilder } from './split';

/** Longer texts are stored as they are. */
const MAX_CHARACTERS = 16 * 1024;

const INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
/** The mark of skeletons is one of these too. */
const CONTROL = /[\u0000-\u001f]/;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Splits JSON as `JSON.stringify` writes it, without white space. Its scalar values are its variables, and the path of a
 * value is its slot. A path consists of keys as they are in the text, with their quotes, and indexes of arrays, joined by dots.
 */
export function splitJson(text: string, withSlots: boolean): Split | undefined {
  if (text.length > MAX_CHARACTERS || CONTROL.test(text)) return undefined;
  const walk = new JsonSplitter(text, withSlots);
  return walk.value('') && walk.isAtEnd ? walk.split.finish() : undefined;
}

/** Walks through one text. Each method returns whether the text was as expected. */
class JsonSplitter {
  readonly split: SplitBuilder;
  readonly #text: string;
  readonly #withSlots: boolean;
  #at = 0;

  constructor(text: string, withSlots: boolean) {
    this.#text = text;
    this.#withSlots = withSlots;
    this.split = new SplitBuilder(text);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  value(path: string): boolean {
    const first = this.#text.charCodeAt(this.#at);
    if (first === OPEN_OBJECT) return this.#members(path);
    if (first === OPEN_ARRAY) return this.#items(path);
    if (this.split.isFull) return false;
    return first === QUOTE ? this.#string(path) : this.#literal(path);
  }

  #members(path: string): boolean {
    this.#at += 1;
    if (this.#skip(CLOSE_OBJECT)) return true;
    do {
      const start = this.#at;
      if (!this.#skipString() || !this.#skip(COLON)) return false;
      if (!this.value(this.#withSlots ? join(path, this.#text.slice(start, this.#at - 1)) : '')) return false;
    } while (this.#skip(COMMA));
    return this.#skip(CLOSE_OBJECT);
  }

  #items(path: string): boolean {
    this.#at += 1;
    if (this.#skip(CLOSE_ARRAY)) return true;
    let index = 0;
    do {
      if (!this.value(this.#withSlots ? join(path, String(index)) : '')) return false;
      index += 1;
    } while (this.#skip(COMMA));
    return this.#skip(CLOSE_ARRAY);
  }

  #string(path: string): boolean {
    const start = this.#at;
    if (!this.#skipString()) return false;
    const content = this.#text.slice(start + 1, this.#at - 1);
    const unquoted = content.includes('\\') ? unquote(`"${content}"`) : content;
    if (unquoted === undefined) this.#add(start, KINDS.TEXT, path, `"${content}"`);
    else this.#add(start, KINDS.STRING, path, unquoted);
    return true;
  }

  #literal(path: string): boolean {
    const start = this.#at;
    while (!this.isAtEnd && !endsLiteral(this.#text.charCodeAt(this.#at))) this.#at += 1;
    const literal = this.#text.slice(start, this.#at);
    this.#add(start, INTEGER.test(literal) ? KINDS.INTEGER : KINDS.TEXT, path, literal);
    return literal !== '';
  }

  #add(start: number, kind: string, path: string, value: string): void {
    this.split.add(start, this.#at, kind, value);
    if (this.#withSlots) this.split.slots.push(kind + path);
  }

  /** Moves past a string. */
  #skipString(): boolean {
    if (!this.#skip(QUOTE)) return false;
    do {
      const end = this.#text.indexOf('"', this.#at);
      if (end === -1) return false;
      this.#at = end + 1;
    } while (isEscaped(this.#text, this.#at - 1));
    return true;
  }

  #skip(character: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== character) return false;
    this.#at += 1;
    return true;
  }
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

const endsLiteral = (code: number): boolean =>
  code === COMMA || code === CLOSE_OBJECT || code === CLOSE_ARRAY;

/** Returns whether an odd number of backslashes precedes a character. */
function isEscaped(text: string, index: number): boolean {
  let start = index;
  while (text[start - 1] === '\\') start -= 1;
  return (index - start) % 2 === 1;
}

/** Returns the content of a JSON string, or `undefined` if `JSON.stringify` would write it in another way. */
function unquote(json: string): string | undefined {
  try {
    const content = JSON.parse(json) as string;
    return JSON.stringify(content) === json ? content : undefined;
  } catch {
    return undefined;
  }
}
