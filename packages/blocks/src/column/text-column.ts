/** A column of texts that decodes each value when it is read. */
export interface TextColumn {
  readonly length: number;
  /** @throws {DamagedBlockError} when the bytes of the value are damaged. */
  get(index: number): string;
}
