/** Texts as ranges of one array of UTF-8. */
export interface ByteTexts {
  readonly bytes: Buffer;
  /** Offset of the first byte of each text. */
  readonly starts: Int32Array;
  /** Offset after the last byte of each text. */
  readonly ends: Int32Array;
}

const MAX_BYTES_OF_UNIT = 3;

/** Encodes one field of some records, which are well-formed texts, one after another. */
export function byteTextsOf<Name extends string>(
  records: readonly Readonly<Record<Name, string>>[],
  name: Name,
): ByteTexts {
  const starts = new Int32Array(records.length);
  const ends = new Int32Array(records.length);
  let all = '';
  for (let index = 0; index < records.length; index++) {
    starts[index] = all.length;
    all += (records[index] as Record<Name, string>)[name];
    ends[index] = all.length;
  }
  // If every character is ASCII, one call encodes all texts.
  if (Buffer.byteLength(all) === all.length) return { bytes: Buffer.from(all), starts, ends };
  const bytes = Buffer.allocUnsafeSlow(all.length * MAX_BYTES_OF_UNIT);
  for (let index = 0, at = 0; index < records.length; index++) {
    starts[index] = at;
    ends[index] = at += bytes.write((records[index] as Record<Name, string>)[name], at);
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
