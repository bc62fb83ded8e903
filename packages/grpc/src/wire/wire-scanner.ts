/** A longer varint is not valid in a field of 32 bits, even if its value fits. */
const MAX_VARINT_BYTES = 5;

/** Returned for a value that a scanner does not read. */
const UNREAD = -1;

/**
 * Reads the frequent forms of the protobuf encoding: small tags, and integers of up to 35 bits that are not negative. It does
 * not report errors: what it does not read must be decoded with the codec.
 */
export class WireScanner {
  readonly bytes: Buffer;
  /** Start of the value that was skipped last. */
  start = 0;
  /** The position. */
  at: number;
  readonly #end: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#end;
  }

  /** Reads a tag of one byte. A longer one is returned as its first byte, which is not the tag of any field. */
  readTag(): number {
    return this.bytes[this.at++] as number;
  }

  /** Reads an integer; returns a negative number if it is not in the frequent form. */
  readVarint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < MAX_VARINT_BYTES && this.at < this.#end; count += 1) {
      const byte = this.bytes[this.at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    return UNREAD;
  }

  /** Skips a value with a length; sets `start`. Returns `false` if it does not end within the message. */
  skipLength(): boolean {
    const length = this.readVarint();
    this.start = this.at;
    if (length < 0 || length > this.#end - this.at) return false;
    this.at += length;
    return true;
  }
}
