import { HASH_START, hashText, hashUnit } from '../bytes/hash';
import { BACKSLASH, QUOTE, endOfString, unescape } from './json-strings';
import type { SplitText } from './split';

/** Labels of the variables of JSON. */
export const JSON_LABELS = {
  /** An integer of at most 15 digits. */
  INTEGER: 0,
  /** The content of a string, with its escapes. */
  STRING: 1,
  /** Another number, `true` or `false`. */
  OTHER: 2,
} as const;

/** Stands for the path of the whole text, which has no key. It is not a hash. */
export const ROOT = 2 ** 32;
/** The hash of a path before its first key. */
const PATH_START = hashText('p', HASH_START);

/**
 * The paths of a JSON text as hashes. A path consists of keys joined by dots. Indexes of arrays do not belong to it. Its hash
 * is `hashPath` of that text; `ROOT` stands for a path without keys.
 */
export interface JsonPaths {
  /** The path of each variable. */
  readonly paths: readonly number[];
  /** The paths of objects inside the text. */
  readonly objects: readonly number[];
  /** The paths of `null`. */
  readonly nulls: readonly number[];
}

const MAX_ASCII = 0x7f;
const DOT = 0x2e;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const NULL = Buffer.from('null');

/** Hashes a path. */
export function hashPath(path: string): number {
  return hashText(path, PATH_START);
}

/** Returns the paths of a text that `splitJson` split. */
export function pathsOf({ bytes, start, end, variables, first, last }: SplitText): JsonPaths {
  const paths: number[] = [];
  const objects: number[] = [];
  const nulls: number[] = [];
  /** The paths of the objects and arrays around the current offset. */
  const around: number[] = [];
  let path = ROOT;
  let variable = first;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    const content = byte === QUOTE ? at + 1 : at;
    if (variable < last && variables.starts[variable] === content) {
      paths.push(path);
      at = (variables.ends[variable++] as number) - (byte === QUOTE ? 0 : 1);
    } else if (byte === QUOTE) {
      const close = endOfString(bytes, content, end);
      path = hashKey(bytes, content, close, around.at(-1) ?? ROOT);
      at = close;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (byte === OPEN_OBJECT) objects.push(path);
      around.push(path);
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) path = around.pop() ?? ROOT;
    else if (byte === NULL[0]) {
      nulls.push(path);
      at += NULL.length - 1;
    }
  }
  return { paths, objects, nulls };
}

/** Continues the hash of a path with a key. */
function hashKey(bytes: Buffer, start: number, end: number, parent: number): number {
  const prefix = parent === ROOT ? PATH_START : hashUnit(DOT, parent);
  let hash = prefix;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte > MAX_ASCII || byte === BACKSLASH)
      return hashText(unescape(bytes.toString('utf8', start, end)), prefix);
    hash = hashUnit(byte, hash);
  }
  return hash;
}
