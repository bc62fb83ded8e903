import type { Split } from './split';
import { KINDS, MARK, MAX_VARIABLES, SplitBuilder } from './split';

/** Longer texts are stored as they are. */
const MAX_CHARACTERS = 16 * 1024;

const INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Splits JSON as `JSON.stringify` writes it, without white space. Its scalar values are its variables, and the path of a
 * value is its slot. A path joins keys as they stand in the text, with their quotes, and indexes of arrays by dots.
 */
export function splitJson(text: string): Split | undefined {
  if (text.length > MAX_CHARACTERS || text.includes(MARK)) return undefined;
  const walk = new JsonSplitter(text);
  return walk.value('') && walk.isAtEnd ? walk.builder.finish() : undefined;
}

/** Walks through one text. Each method returns whether the text was as expected. */
class JsonSplitter {
  readonly builder: SplitBuilder;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.builder = new SplitBuilder(text);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  value(path: string): boolean {
    const first = this.#text[this.#at];
    if (first === '{') return this.#members(path);
    if (first === '[') return this.#items(path);
    if (this.builder.variables === MAX_VARIABLES) return false;
    return first === '"' ? this.#string(path) : this.#literal(path);
  }

  #members(path: string): boolean {
    this.#at += 1;
    if (this.#skip('}')) return true;
    do {
      const start = this.#at;
      if (this.#endOfString() === undefined) return false;
      const key = this.#text.slice(start, this.#at);
      if (!this.#skip(':') || !this.value(path === '' ? key : `${path}.${key}`)) return false;
    } while (this.#skip(','));
    return this.#skip('}');
  }

  #items(path: string): boolean {
    this.#at += 1;
    if (this.#skip(']')) return true;
    let index = 0;
    do {
      if (!this.value(`${path}.${index}`)) return false;
      index += 1;
    } while (this.#skip(','));
    return this.#skip(']');
  }

  #string(path: string): boolean {
    const start = this.#at;
    const isPlain = this.#endOfString();
    if (isPlain === undefined) return false;
    const json = this.#text.slice(start, this.#at);
    const content = isPlain ? json.slice(1, -1) : unquote(json);
    if (content === undefined) this.#add(start, KINDS.TEXT, path, json);
    else this.#add(start, KINDS.STRING, path, content);
    return true;
  }

  #literal(path: string): boolean {
    const start = this.#at;
    while (!this.isAtEnd && !',]}'.includes(this.#text[this.#at] as string)) this.#at += 1;
    const literal = this.#text.slice(start, this.#at);
    this.#add(start, INTEGER.test(literal) ? KINDS.INTEGER : KINDS.TEXT, path, literal);
    return literal !== '';
  }

  #add(start: number, kind: string, path: string, value: string): void {
    this.builder.variable(start, this.#at, kind, `${kind}${path}`, value);
  }

  /** Moves behind a string. Returns whether it has no escape, or `undefined` if there is no string. */
  #endOfString(): boolean | undefined {
    if (!this.#skip('"')) return undefined;
    let isPlain = true;
    for (; !this.isAtEnd; this.#at += 1) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === QUOTE) {
        this.#at += 1;
        return isPlain;
      }
      if (code < 0x20) return undefined;
      if (code === BACKSLASH) {
        isPlain = false;
        this.#at += 1;
      }
    }
    return undefined;
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }
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
