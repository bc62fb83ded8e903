import type { ByteTexts } from '../bytes/byte-texts';
import { areEqual } from '../bytes/byte-texts';
import type { SlotKey, SplitText, Splitter } from './split';
import { NOT_SPLIT, Variables } from './split';

/** Texts with the same literals between variables that look alike. */
export interface Shape {
  /** Index of the first text of this shape. */
  readonly row: number;
  /** Number of its texts. */
  readonly uses: number;
}

/** A column of texts, split into literals and variables. A text is exactly its literals and its variables. */
export class SplitColumn {
  readonly texts: ByteTexts;
  readonly variables = new Variables();
  /** For each text the index of its first variable, then the number of all variables. */
  readonly firsts: Int32Array;
  /** For each text the index of its shape, or `NOT_SPLIT`. */
  readonly shapes: Int32Array;
  readonly #splitter: Splitter;
  readonly #hashes: Int32Array;
  readonly #rows: Int32Array;
  readonly #uses: Int32Array;
  /** A hash table: for each place the index of a shape plus one, or 0. */
  readonly #table: Int32Array;
  #shapeCount = 0;

  constructor(texts: ByteTexts, splitter: Splitter) {
    const count = texts.starts.length;
    this.texts = texts;
    this.#splitter = splitter;
    this.firsts = new Int32Array(count + 1);
    this.shapes = new Int32Array(count);
    this.#hashes = new Int32Array(count);
    this.#rows = new Int32Array(count);
    this.#uses = new Int32Array(count);
    this.#table = new Int32Array(2 ** Math.ceil(Math.log2(count * 2 + 2)));
    for (let row = 0; row < count; row++) this.#split(row);
  }

  get length(): number {
    return this.shapes.length;
  }

  get shapeCount(): number {
    return this.#shapeCount;
  }

  shape(index: number): Shape {
    return { row: this.#rows[index] as number, uses: this.#uses[index] as number };
  }

  /** Returns a text with its variables. */
  text(row: number): SplitText {
    return {
      bytes: this.texts.bytes,
      start: this.texts.starts[row] as number,
      end: this.texts.ends[row] as number,
      variables: this.variables,
      first: this.firsts[row] as number,
      last: this.firsts[row + 1] as number,
    };
  }

  /** Parses a text that is JSON. */
  parse(row: number): unknown {
    const { start, end } = this.text(row);
    return JSON.parse(this.texts.bytes.toString('utf8', start, end));
  }

  /** Returns the slots of the variables of a text. */
  slotsOf(row: number): readonly SlotKey[] {
    return this.#splitter.slotsOf(this.text(row));
  }

  #split(row: number): void {
    const { bytes, starts, ends } = this.texts;
    const first = this.variables.count;
    this.variables.reserve();
    const hash = this.#splitter.scan(bytes, starts[row] as number, ends[row] as number, this.variables);
    if (hash === NOT_SPLIT) this.variables.count = first;
    this.firsts[row + 1] = this.variables.count;
    this.shapes[row] = hash === NOT_SPLIT ? NOT_SPLIT : this.#shapeOf(row, hash);
  }

  #shapeOf(row: number, hash: number): number {
    const mask = this.#table.length - 1;
    let place = hash & mask;
    for (; this.#table[place] !== 0; place = (place + 1) & mask) {
      const shape = (this.#table[place] as number) - 1;
      if (this.#hashes[shape] === hash && this.#haveSameShape(row, this.#rows[shape] as number)) {
        (this.#uses[shape] as number) += 1;
        return shape;
      }
    }
    const shape = this.#shapeCount++;
    this.#table[place] = shape + 1;
    this.#hashes[shape] = hash;
    this.#rows[shape] = row;
    this.#uses[shape] = 1;
    return shape;
  }

  #haveSameShape(row: number, other: number): boolean {
    const { bytes, starts, ends } = this.texts;
    const { starts: from, ends: to, labels } = this.variables;
    const last = this.firsts[row + 1] as number;
    let variable = this.firsts[row] as number;
    let otherVariable = this.firsts[other] as number;
    if (last - variable !== (this.firsts[other + 1] as number) - otherVariable) return false;
    let start = starts[row] as number;
    let otherStart = starts[other] as number;
    for (; variable < last; variable++, otherVariable++) {
      if (labels[variable] !== labels[otherVariable]) return false;
      const end = from[variable] as number;
      if (!areEqual(bytes, start, end, otherStart, from[otherVariable] as number)) return false;
      start = to[variable] as number;
      otherStart = to[otherVariable] as number;
    }
    return areEqual(bytes, start, ends[row] as number, otherStart, ends[other] as number);
  }
}
