import { DamagedBlockError } from './damaged';

/** Receives the number of decoded bytes that are kept in memory. */
export type OnDecoded = (bytes: number) => void;

/** Reads what a `ByteWriter` wrote. Every method throws `DamagedBlockError` beyond the end. */
export class ByteReader {
  /** Called by the code that decodes the bytes. */
  readonly onDecoded: OnDecoded;
  readonly #buffer: Buffer;
  #offset = 0;

  constructor(bytes: Uint8Array, onDecoded: OnDecoded = () => {}) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.onDecoded = onDecoded;
  }

  get remaining(): number {
    return this.#buffer.length - this.#offset;
  }

  byte(): number {
    const value = this.#buffer[this.#offset++];
    if (value === undefined) throw new DamagedBlockError('it ends too early');
    return value;
  }

  unsigned(): number {
    let value = 0;
    for (let unit = 1; unit < 2 ** 56; unit *= 0x80) {
      const next = this.byte();
      value += (next & 0x7f) * unit;
      if (next < 0x80) return value;
    }
    throw new DamagedBlockError('a number is too long');
  }

  signed(): number {
    const first = this.byte();
    const magnitude = (first & 0x3f) + (first < 0x80 ? 0 : this.unsigned() * 0x40);
    return (first & 0x40) === 0 ? magnitude : -magnitude;
  }

  /** Returns a view of the next bytes, not a copy. */
  bytes(count: number): Buffer {
    if (!(count >= 0 && count <= this.remaining)) throw new DamagedBlockError('it ends too early');
    const start = this.#offset;
    this.#offset += count;
    return this.#buffer.subarray(start, this.#offset);
  }

  sized(): Buffer {
    return this.bytes(this.unsigned());
  }

  /**
   * Reads a number of items. The limits keep a damaged count from allocating memory.
   *
   * @param itemBytes - Minimum size of an item in the bytes that follow.
   */
  count(maxItems: number, itemBytes = 0): number {
    const count = this.unsigned();
    if (count > maxItems || count * itemBytes > this.remaining)
      throw new DamagedBlockError('a count is too large');
    return count;
  }
}
