const INITIAL_BYTES = 4 * 1024;
/** Longer ranges are copied by the runtime. */
const MAX_LOOP_BYTES = 48;
const MAX_INT32 = 2 ** 31 - 1;
const ZERO = 0x30;
const MINUS = 0x2d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX_DIGITS = Buffer.from('0123456789abcdef');
/** By byte: 1 if JSON strings contain the character as an escape sequence. */
const NEEDS_ESCAPE = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 1 : 0,
);

/** Writes numbers and bytes one after another. */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  /** @param bytes - Number of bytes for which memory is allocated at first. */
  constructor(bytes = INITIAL_BYTES) {
    this.#buffer = Buffer.allocUnsafeSlow(bytes);
  }

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

  /** Writes an integer within ±2^53: a byte with six bits, its sign and whether more follow, then the other bits. */
  signed(value: number): void {
    const magnitude = Math.abs(value);
    const rest = Math.floor(magnitude / 0x40);
    this.byte((magnitude % 0x40) | (value < 0 ? 0x40 : 0) | (rest > 0 ? 0x80 : 0));
    if (rest > 0) this.unsigned(rest);
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

  /** Writes some of the bytes of an array. */
  range(source: Uint8Array, start: number, end: number): void {
    if (end - start > MAX_LOOP_BYTES) return this.bytes(source.subarray(start, end));
    this.#reserve(end - start);
    const buffer = this.#buffer;
    let at = this.#length;
    for (let index = start; index < end; index++) buffer[at++] = source[index] as number;
    this.#length = at;
  }

  /** Writes an integer as decimal digits. */
  decimal(value: number): void {
    if (!(value >= 0 && value <= MAX_INT32)) {
      if (value < 0 && value >= -MAX_INT32) {
        this.byte(MINUS);
        this.decimal(-value);
      } else this.bytes(Buffer.from(String(value)));
      return;
    }
    let count = 1;
    for (let limit = 10; value >= limit; limit *= 10) count += 1;
    this.digits(value, count);
  }

  /** Writes the last decimal digits of a non-negative 32-bit integer, with leading zeros. */
  digits(value: number, count: number): void {
    this.#reserve(count);
    let rest = value | 0;
    for (let at = this.#length + count - 1; at >= this.#length; at--) {
      const next = (rest / 10) | 0;
      this.#buffer[at] = ZERO + rest - next * 10;
      rest = next;
    }
    this.#length += count;
  }

  /** Writes some bytes as lower-case hexadecimal digits. */
  hex(source: Uint8Array, start: number, end: number): void {
    this.#reserve((end - start) * 2);
    const buffer = this.#buffer;
    let at = this.#length;
    for (let index = start; index < end; index++) {
      const value = source[index] as number;
      buffer[at++] = HEX_DIGITS[value >> 4] as number;
      buffer[at++] = HEX_DIGITS[value & 15] as number;
    }
    this.#length = at;
  }

  /** Discards what was written. The array is used again. */
  clear(): void {
    this.#length = 0;
  }

  /** Discards what was written from an offset on. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** Returns whether a JSON string needs escape sequences for what was written from an offset on. */
  needsEscape(start: number): boolean {
    const buffer = this.#buffer;
    for (let at = start; at < this.#length; at++) if (NEEDS_ESCAPE[buffer[at] as number] === 1) return true;
    return false;
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
    if (this.#length + bytes > this.#buffer.length) this.#grow(this.#length + bytes);
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.written());
    this.#buffer = larger;
  }
}
