/** Separates the literals of a template. A text that contains it is not split. */
export const MARK = 1;

/** Maximum number of variables in one text. A text with more is not split. */
export const MAX_VARIABLES = 64;

/** How the values of a slot are stored. */
export const KINDS = {
  /** A decimal integer of at most 15 digits, as JavaScript writes it. */
  INTEGER: 0,
  /** Any text. */
  TEXT: 1,
} as const;

/** The variables of some texts, one after another: ranges of the bytes, and labels that say what they look like. */
export class Variables {
  starts = new Int32Array(1024);
  ends = new Int32Array(1024);
  labels = new Int32Array(1024);
  count = 0;

  /** Makes room for the variables of one more text. */
  reserve(): void {
    if (this.count + MAX_VARIABLES + 1 <= this.starts.length) return;
    this.starts = doubled(this.starts);
    this.ends = doubled(this.ends);
    this.labels = doubled(this.labels);
  }

  /** Adds a variable of a text for which there is room. */
  add(start: number, end: number, label: number): void {
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.labels[this.count++] = label;
  }
}

function doubled(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(values.length * 2);
  larger.set(values);
  return larger;
}

/** Returned by `scan` for a text that has no useful structure. */
export const NOT_SPLIT = -1;

/** A slot of a template. Variables of all slots with the same key are stored together. */
export interface SlotKey {
  readonly key: number;
  readonly kind: number;
}

/** Splits the texts of one column. */
export interface Splitter {
  /**
   * Finds the variables of a text. The literals between them and their labels are its shape.
   *
   * @param variables - To which the variables are added. There is room for one more than the maximum.
   * @returns a hash of the shape, which is not negative, or `NOT_SPLIT`.
   */
  scan(bytes: Uint8Array, start: number, end: number, variables: Variables): number;
  /** Returns the slots of the variables of a text: those from `first` to `last`. */
  slotsOf(text: SplitText): readonly SlotKey[];
}

/** A text and the range of its variables. */
export interface SplitText {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly variables: Variables;
  readonly first: number;
  readonly last: number;
}
