const INITIAL_BYTES = 4 * 1024;

/** Writes numbers and bytes one after another. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  /** Replaces a byte that was written before. */
  setByte(offset: number, value: number): void {
    this.#buffer[offset] = value;
  }

  /** Writes a non-negative integer up to 2^53 in groups of seven bits, lowest first. The high bit marks that more follow. */
  unsigned(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
  }

  /** Writes an integer within ±2^53: a byte for its sign, then its magnitude. */
  signed(value: number): void {
    this.byte(value < 0 ? 1 : 0);
    this.unsigned(Math.abs(value));
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.byteLength);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.byteLength;
  }

  /** Writes the number of bytes, then the bytes. */
  sized(bytes: Uint8Array): void {
    this.unsigned(bytes.byteLength);
    this.bytes(bytes);
  }

  /** Writes lower-case hexadecimal digits as bytes. */
  hex(digits: string): void {
    const bytes = digits.length / 2;
    this.#reserve(bytes);
    this.#buffer.write(digits, this.#length, bytes, 'hex');
    this.#length += bytes;
  }

  /** Returns a view of what was written, which is valid until more is written. */
  written(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Returns a copy of what was written. */
  finish(): Buffer {
    return Buffer.from(this.written());
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}
