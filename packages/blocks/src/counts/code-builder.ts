/** The values of one field of some rows of a block. */
export interface CodedColumn {
  /** For each of the rows the index of its first code, then the number of codes. Without it each row has one code. */
  readonly starts: Int32Array | undefined;
  /** The codes of the rows. */
  readonly codes: ArrayLike<number>;
  /** The value of each code. */
  readonly values: readonly string[];
}

/** Assigns codes to values. */
export class CodeTable {
  readonly values: string[] = [];
  readonly #codes = new Map<string, number>();

  codeOf(value: string): number {
    let code = this.#codes.get(value);
    if (code === undefined) {
      code = this.values.push(value) - 1;
      this.#codes.set(value, code);
    }
    return code;
  }
}

/** Collects the codes of rows that have any number of values. Equal values of a row count once. */
export class CodeBuilder {
  readonly table = new CodeTable();
  readonly #starts: Int32Array;
  readonly #codes: number[] = [];
  #row = 0;

  constructor(rows: number) {
    this.#starts = new Int32Array(rows + 1);
  }

  /** Adds a value of the current row. */
  add(code: number): void {
    for (let at = this.#starts[this.#row] as number; at < this.#codes.length; at++)
      if (this.#codes[at] === code) return;
    this.#codes.push(code);
  }

  /** Begins the next row. */
  endRow(): void {
    this.#starts[++this.#row] = this.#codes.length;
  }

  finish(): CodedColumn {
    return { starts: this.#starts, codes: this.#codes, values: this.table.values };
  }
}
