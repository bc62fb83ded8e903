/** Separates the literals of a skeleton from the kinds of its variables. A text that contains it is not split. */
export const MARK = '\u0001';

/** Maximum number of variables in one text. A text with more is stored as it is. */
export const MAX_VARIABLES = 64;

/** How the values of a slot are stored and written back into the text. */
export const KINDS = {
  /** A decimal integer of at most 15 digits without leading zeros. */
  INTEGER: 'i',
  /** Any text. */
  TEXT: 't',
  /** The content of a JSON string. */
  STRING: 's',
} as const;

/**
 * A text as its skeleton and its variables.
 *
 * The skeleton is the text in which each variable is replaced by a kind between two marks. Texts with one skeleton have
 * the same slots, and skeleton and variables together are exactly the text.
 */
export interface Split {
  readonly skeleton: string;
  /** The slot of each variable: its kind, then a name. Variables of one slot are stored together. */
  readonly slots: readonly string[];
  readonly values: readonly string[];
}

/** Splits a text, or returns `undefined` if it has no useful structure. */
export type Splitter = (text: string) => Split | undefined;

/** Collects the parts of one split. */
export class SplitBuilder {
  readonly #text: string;
  readonly #slots: string[] = [];
  readonly #values: string[] = [];
  #skeleton = '';
  #copied = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get variables(): number {
    return this.#values.length;
  }

  /** Replaces the text between two offsets by a variable. `label` tells variables of different slots apart. */
  variable(start: number, end: number, label: string, slot: string, value: string): void {
    this.#skeleton += this.#text.slice(this.#copied, start) + MARK + label + MARK;
    this.#copied = end;
    this.#slots.push(slot);
    this.#values.push(value);
  }

  finish(): Split {
    const skeleton = this.#skeleton + this.#text.slice(this.#copied);
    return { skeleton, slots: this.#slots, values: this.#values };
  }
}
