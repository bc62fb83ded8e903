/** Reports bytes that no encoder wrote: a truncated or changed column. The message never quotes the bytes. */
export class DamagedBlockError extends Error {
  override readonly name = 'DamagedBlockError';

  constructor(reason: string) {
    super(`A column of a block cannot be read: ${reason}.`);
  }
}
