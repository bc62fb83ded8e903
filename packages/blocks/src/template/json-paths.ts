import { QUOTE, endOfString, unescape } from './json-strings';
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

/** The paths of a JSON text: keys joined by dots. Indexes of arrays do not belong to a path. */
export interface JsonPaths {
  /** The path of each variable; `undefined` for a text that is not an object. */
  readonly paths: readonly (string | undefined)[];
  /** The paths of objects inside of the text. */
  readonly objects: readonly string[];
  /** The paths of `null` inside of objects. */
  readonly nulls: readonly string[];
}

const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const NULL = Buffer.from('null');

/** Returns the paths of a text that `splitJson` split. */
export function pathsOf({ bytes, start, end, variables, first, last }: SplitText): JsonPaths {
  const paths: (string | undefined)[] = [];
  const objects: string[] = [];
  const nulls: string[] = [];
  /** The paths of the objects and arrays around the current offset. */
  const around: (string | undefined)[] = [];
  let path: string | undefined;
  let variable = first;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    const content = byte === QUOTE ? at + 1 : at;
    if (variable < last && variables.starts[variable] === content) {
      paths.push(path);
      at = (variables.ends[variable++] as number) - (byte === QUOTE ? 0 : 1);
    } else if (byte === QUOTE) {
      const close = endOfString(bytes, content, end);
      const key = unescape(bytes.toString('utf8', content, close));
      const parent = around.at(-1);
      path = parent === undefined ? key : `${parent}.${key}`;
      at = close;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (byte === OPEN_OBJECT && path !== undefined) objects.push(path);
      around.push(path);
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) path = around.pop();
    else if (byte === NULL[0]) {
      if (path !== undefined) nulls.push(path);
      at += NULL.length - 1;
    }
  }
  return { paths, objects, nulls };
}
