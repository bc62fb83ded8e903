import { isAscii } from 'node:buffer';
import { hashBytes, hashText, mixHash } from '../bytes/hash';
import { unescape } from '../template/json-strings';
import { JSON_LABELS } from '../template/json-paths';
import type { SplitColumn } from '../template/split-column';

const BACKSLASH = 0x5c;

/** Hashes the values of a column of JSON as the texts that filters compare. */
export class VariableHasher {
  readonly #column: SplitColumn;
  /** Whether the bytes of every string are its text. */
  readonly #isPlain: boolean;

  constructor(column: SplitColumn) {
    const { bytes } = column.texts;
    this.#column = column;
    this.#isPlain = isAscii(bytes) && !bytes.includes(BACKSLASH);
  }

  /** Returns the token that starts with `hash` and ends with the value of a variable. */
  token(variable: number, hash: number): number {
    const { texts, variables } = this.#column;
    const start = variables.starts[variable] as number;
    const end = variables.ends[variable] as number;
    const label = variables.labels[variable] as number;
    if (label === JSON_LABELS.INTEGER || (label === JSON_LABELS.STRING && this.#isPlain))
      return mixHash(hashBytes(texts.bytes, start, end, hash));
    const content = texts.bytes.toString('utf8', start, end);
    const text = label === JSON_LABELS.STRING ? unescape(content) : String(JSON.parse(content));
    return mixHash(hashText(text, hash));
  }
}
