/** Texts as ranges of one array of UTF-8. */
export interface ByteTexts {
  readonly bytes: Buffer;
  /** Offset of the first byte of each text. */
  readonly starts: Int32Array;
  /** Offset after the last byte of each text. */
  readonly ends: Int32Array;
}

const MAX_BYTES_OF_UNIT = 3;

/** Encodes well-formed texts, one after another. */
export function byteTextsOf(values: readonly string[]): ByteTexts {
  const starts = new Int32Array(values.length);
  const ends = new Int32Array(values.length);
  let all = '';
  for (const value of values) all += value;
  const size = Buffer.byteLength(all);
  let at = 0;
  if (size === all.length) {
    // Every character is ASCII, so one call encodes all texts.
    for (let index = 0; index < values.length; index++) {
      starts[index] = at;
      ends[index] = at += (values[index] as string).length;
    }
    return { bytes: Buffer.from(all), starts, ends };
  }
  const bytes = Buffer.allocUnsafeSlow(all.length * MAX_BYTES_OF_UNIT);
  for (let index = 0; index < values.length; index++) {
    starts[index] = at;
    ends[index] = at += bytes.write(values[index] as string, at);
  }
  return { bytes, starts, ends };
}

/** Returns whether a range of bytes is ASCII. */
export function isAsciiRange(bytes: Uint8Array, start: number, end: number): boolean {
  let union = 0;
  for (let index = start; index < end; index++) union |= bytes[index] as number;
  return union < 0x80;
}

/** Returns whether two ranges of an array have the same bytes. */
export function areEqual(
  bytes: Uint8Array,
  start: number,
  end: number,
  otherStart: number,
  otherEnd: number,
): boolean {
  if (end - start !== otherEnd - otherStart) return false;
  for (let index = start, other = otherStart; index < end; index++, other++)
    if (bytes[index] !== bytes[other]) return false;
  return true;
}
