/** A column of texts that decodes each value when it is read. */
export interface TextColumn {
  readonly length: number;
  /** The different texts, if the column is stored as a dictionary. A caller tests each of them once instead of each row. */
  readonly dictionary?: TextDictionary;
  /** @throws {DamagedBlockError} when the bytes of the value are damaged. */
  get(index: number): string;
}

/** The different texts of a column and the index of each value in them. Every text is used. */
export interface TextDictionary {
  readonly texts: TextColumn;
  readonly indexes: ArrayLike<number>;
}
