/** Reports a column that was truncated or changed. The message never quotes its bytes. */
export class DamagedBlockError extends Error {
  override readonly name = 'DamagedBlockError';
  /** What is wrong, such as `its checksum is wrong`. */
  readonly reason: string;

  constructor(reason: string) {
    super(`A column of a block cannot be read: ${reason}.`);
    this.reason = reason;
  }
}
