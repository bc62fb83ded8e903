import { hashText, hashUnit, mixHash } from '../bytes/hash';
import { unescape } from '../template/json-strings';
import { JSON_LABELS } from '../template/json-paths';
import type { SplitColumn } from '../template/split-column';

const BACKSLASH = 0x5c;
const MAX_ASCII = 0x7f;

/** Hashes the values of a column of JSON as the texts that filters compare. */
export class VariableHasher {
  readonly #column: SplitColumn;

  constructor(column: SplitColumn) {
    this.#column = column;
  }

  /** Returns the token that starts with `hash` and ends with the value of a variable. */
  token(variable: number, hash: number): number {
    const { texts, variables } = this.#column;
    const start = variables.starts[variable] as number;
    const end = variables.ends[variable] as number;
    const label = variables.labels[variable] as number;
    if (label !== JSON_LABELS.OTHER) {
      const plain = hashPlain(texts.bytes, start, end, hash);
      if (plain !== undefined) return mixHash(plain);
    }
    const content = texts.bytes.toString('utf8', start, end);
    const text = label === JSON_LABELS.STRING ? unescape(content) : String(JSON.parse(content));
    return mixHash(hashText(text, hash));
  }
}

/** Continues a hash with a range of bytes; `undefined` if the range is not ASCII or has escapes. */
function hashPlain(bytes: Uint8Array, start: number, end: number, hash: number): number | undefined {
  let result = hash;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte > MAX_ASCII || byte === BACKSLASH) return undefined;
    result = hashUnit(byte, result);
  }
  return result;
}
