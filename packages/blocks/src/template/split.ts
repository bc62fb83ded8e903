/** Separates the literals of a skeleton from the labels of its variables. A text that contains it is not split. */
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
 * The skeleton is the text in which each variable is replaced by a label between two marks. Skeleton and variables
 * together are exactly the text.
 */
export interface Split {
  readonly skeleton: string;
  readonly values: readonly string[];
  /** The slot of each variable: its kind, then a name. Variables of one slot are stored together. */
  readonly slots: readonly string[];
}

/**
 * Splits a text, or returns `undefined` if it has no useful structure.
 *
 * @param withSlots - Whether to name the slots. They follow from the skeleton, so one text of each skeleton is enough.
 */
export type Splitter = (text: string, withSlots: boolean) => Split | undefined;

/** Collects the parts of one split. */
export class SplitBuilder implements Split {
  readonly values: string[] = [];
  readonly slots: string[] = [];
  skeleton = '';
  readonly #text: string;
  #copied = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isFull(): boolean {
    return this.values.length === MAX_VARIABLES;
  }

  /** Replaces the text between two offsets by a variable. */
  add(start: number, end: number, label: string, value: string): void {
    this.skeleton += this.#text.slice(this.#copied, start) + MARK + label + MARK;
    this.#copied = end;
    this.values.push(value);
  }

  finish(): Split {
    this.skeleton += this.#text.slice(this.#copied);
    return this;
  }
}
